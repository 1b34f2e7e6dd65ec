"""`data delete`, `restore`, `update`, `raw`, `repairs`, `group` and `sectors`: changes of the library of prices."""

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from builder_app.cli.answers import some_of
from builder_app.cli.rooms import TerminalRooms
from builder_app.cli.terminal import ProgressLine, complain, print_json

if TYPE_CHECKING:
    from builder_app.session.rooms import SymbolInfo

DONE, PROBLEMS = 0, 1


def delete(chosen: Namespace, rooms: TerminalRooms) -> int:
    """Take symbols away; nothing is taken where one of them is not there."""
    library = rooms.library()
    infos = _meant(chosen, library.symbols())
    for info in infos:
        library.remove(info.symbol, info.frequency)
    names = _names(infos)
    return _tell(chosen, f"Deleted {names}. To have them back: strategy-builder data restore {names.replace(',', '')}.")


def restore(chosen: Namespace, rooms: TerminalRooms) -> int:
    """Bring deleted symbols back."""
    library = rooms.library()
    infos = _meant(chosen, library.deleted())
    for info in infos:
        library.restore(info.symbol, info.frequency)
    return _tell(chosen, f"Restored {_names(infos)}.")


def update(chosen: Namespace, rooms: TerminalRooms) -> int:
    """Read or fetch symbols again; without symbols all whose origin is known."""
    from builder_app.session.prices.price_library import update_symbols

    library = rooms.library_as_it_is()
    known = library.symbols()
    infos = _meant(chosen, known) if chosen.symbols else [info for info in known if info.origin]
    with ProgressLine() as progress:
        report = update_symbols(library, infos, progress.show)
    complain(*report.remarks)
    names = some_of(report.symbols, ", ")
    _tell(chosen, f"Brought up to date: {names}." if names else "There is nothing to update.")
    return PROBLEMS if {info.symbol for info in infos} - set(report.symbols) else DONE


def use_raw(chosen: Namespace, rooms: TerminalRooms) -> int:
    """Let tests run on raw or on adjusted prices."""
    library = rooms.library()
    infos = _meant(chosen, library.symbols())
    for info in infos:
        library.use_raw(info.symbol, info.frequency, raw=not chosen.off)
    prices = "adjusted" if chosen.off else "raw"
    return _tell(chosen, f"Tests run on the {prices} prices of {_names(infos)} from now on.")


def repairs(chosen: Namespace, rooms: TerminalRooms) -> int:
    """List a symbol's repairs, or undo one."""
    library = rooms.library()
    (info,) = _meant(chosen, library.symbols())
    if chosen.undo is not None:
        library.undo_repair(info.symbol, info.frequency, chosen.undo - 1)
        return _tell(chosen, f"Repair {chosen.undo} of {info.symbol} was undone.")
    if chosen.json:
        print_json([made.to_json() for made in info.repairs])
        return DONE
    if not info.repairs:
        print(f"No repair was made of the prices of {info.symbol}.")
    for number, made in enumerate(info.repairs, 1):
        print(f"{number}  {made.made_at:%Y-%m-%d}  {made.repair.action} ({made.repair.kind}): {made.sentence}")
    return DONE


def group(chosen: Namespace, rooms: TerminalRooms) -> int:
    """List the groups, keep one, or take one away."""
    from builder_app.session.prices.price_library import GroupsFile

    groups = GroupsFile(rooms.library_as_it_is().folder)
    if chosen.remove:
        groups.remove_group(chosen.name)
        return _tell(chosen, f"The group '{chosen.name}' was removed; its symbols stay.")
    if chosen.symbols:
        groups.keep_group(chosen.name, chosen.symbols)
        return _tell(chosen, f"The group '{chosen.name}' was kept.")
    known = groups.read()
    if chosen.json:
        print_json({name: list(symbols) for name, symbols in known.groups.items()})
        return DONE
    if not known.groups:
        print("There are no groups. Make one: strategy-builder data group NAME SYMBOL SYMBOL…")
    for name, symbols in sorted(known.groups.items()):
        print(f"{name}: {some_of(symbols, ' ')}")
    return DONE


def sectors(chosen: Namespace, rooms: TerminalRooms) -> int:
    """Read symbols with their sectors and groups."""
    from builder_app.session.prices.price_library import GroupsFile, read_symbol_table

    table = read_symbol_table(chosen.file, chosen.group)
    GroupsFile(rooms.library_as_it_is().folder).take(table)
    names = f"; groups: {', '.join(table.groups)}" if table.groups else ""
    return _tell(chosen, f"Sectors of {len(table.sectors):,} symbols were read{names}.")


def _meant(chosen: Namespace, among: "Sequence[SymbolInfo]") -> "list[SymbolInfo]":
    """The rows that the symbols and the frequency name. Raises PricesUnreadable where one is not there."""
    from builder_app.session.prices.price_library import infos_named

    where = "what was deleted" if chosen.action == "restore" else "the library"
    return infos_named(among, chosen.symbols, chosen.frequency, where)


def _names(infos: "Sequence[SymbolInfo]") -> str:
    return some_of(list(dict.fromkeys(info.symbol for info in infos)), ", ")


def _tell(chosen: Namespace, sentence: str) -> int:
    if chosen.json:
        print_json({"problems": [], "done": sentence})
    else:
        print(sentence)
    return DONE
