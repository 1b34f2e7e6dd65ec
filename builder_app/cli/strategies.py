"""`strategies …`: saved strategies as wholes: listed, copied, tagged, archived, kept in versions, given away."""

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from builder_app.cli.rooms import TerminalRooms
from builder_app.cli.terminal import complain, print_json
from builder_app.flow.wording import harmless
from builder_app.session.shelf.saved import StrategyUnavailable, id_of
from builder_app.session.whole_files import write_whole_bytes

if TYPE_CHECKING:
    from builder_app.session.shelf.strategies import Shelf

DONE: Final = 0


def strategies(chosen: Namespace, rooms: TerminalRooms) -> int:
    """Do what was asked for. Raises StrategyUnavailable or OSError, and nothing was changed then."""
    with _shelf(rooms) as shelf:
        answer = ACTIONS[chosen.action](chosen, shelf)
    if chosen.json:
        print_json({"problems": [], **answer})
    return DONE


@contextmanager
def _shelf(rooms: TerminalRooms) -> Iterator["Shelf"]:
    """The strategies in the store; what the store, a file or a block refuses comes out as StrategyUnavailable."""
    from builder_app.session.blocks.stored_blocks import TemplatesUnreadable
    from builder_app.session.refusals import refused_by_the_store
    from builder_app.session.shelf.bundles import BundleRefused
    from builder_app.session.shelf.strategies import Shelf

    with refused_by_the_store():
        store = rooms.store()
        try:
            yield Shelf(store, rooms.vault(store), rooms.catalogue())
        except (BundleRefused, TemplatesUnreadable) as reason:
            raise StrategyUnavailable(str(reason)) from reason
        finally:
            store.close()


def _id(shelf: "Shelf", name: str) -> str:
    from builder_app.session.shelf.strategies import every_strategy

    return id_of(name, list(every_strategy(shelf)))


def _list(chosen: Namespace, shelf: "Shelf") -> Mapping[str, Any]:
    from builder_app.session.shelf.strategies import every_strategy, wished

    found = [
        item
        for item in every_strategy(shelf, wished(chosen.tag, chosen.sort))
        if (item.status == "ARCHIVED") is chosen.archived
    ]
    tags = shelf.store.strategies.tags_of([item.id for item in found])
    if not chosen.json:
        for item in found:
            said = f"  [{', '.join(tags[item.id])}]" if item.id in tags else ""
            print(f"{item.updated_at:%Y-%m-%d %H:%M}  {item.id}  {harmless(item.name + said)}")
        if not found:
            none = "No strategy is of this kind." if chosen.tag or chosen.archived else "No strategy is saved yet."
            print(f"{none} Strategies are saved in the window, or come by: strategies import FILE.")
    return {
        "strategies": [
            {
                "id": item.id,
                "name": item.name,
                "status": str(item.status),
                "version": item.version,
                "tags": list(tags.get(item.id, ())),
                "created_at": item.created_at.isoformat(),
                "updated_at": item.updated_at.isoformat(),
            }
            for item in found
        ]
    }


def _export(chosen: Namespace, shelf: "Shelf") -> Mapping[str, Any]:
    from builder_app.session.shelf.exchanging import export_strategy

    if chosen.output.exists():
        raise StrategyUnavailable(f"'{chosen.output}' is there already; move it away, or name another file.")
    content = export_strategy(shelf, _id(shelf, chosen.strategy))
    write_whole_bytes(chosen.output, content)
    return _told(chosen, {"file": str(chosen.output), "bytes": len(content)}, f"{chosen.output} was written.")


def _import(chosen: Namespace, shelf: "Shelf") -> Mapping[str, Any]:
    from builder_app.session.shelf.bundles import LARGEST_FILE
    from builder_app.session.shelf.exchanging import import_strategy

    with chosen.file.open("rb") as file:
        made = import_strategy(shelf, file.read(LARGEST_FILE + 1))
    if not chosen.json:
        complain(*map(harmless, made.remarks))
    answer = {"id": made.strategy.id, "name": made.strategy.name, "remarks": list(made.remarks)}
    return _told(chosen, answer, f"'{made.strategy.name}' was taken in ({made.strategy.id}).")


def _duplicate(chosen: Namespace, shelf: "Shelf") -> Mapping[str, Any]:
    from builder_app.session.shelf.strategies import duplicate

    made = duplicate(shelf, _id(shelf, chosen.strategy), chosen.name)
    return _told(chosen, {"id": made.id, "name": made.name}, f"The copy is called '{made.name}' ({made.id}).")


def _rename(chosen: Namespace, shelf: "Shelf") -> Mapping[str, Any]:
    from builder_app.session.shelf.strategies import rename

    made = rename(shelf, _id(shelf, chosen.strategy), chosen.name)
    return _told(chosen, {"id": made.id, "name": made.name}, f"It is called '{made.name}' now.")


def _tag(chosen: Namespace, shelf: "Shelf") -> Mapping[str, Any]:
    id = _id(shelf, chosen.strategy)
    shelf.store.strategies.set_tags(id, chosen.tags)
    tags = shelf.store.strategies.tags_of([id]).get(id, ())
    return _told(chosen, {"id": id, "tags": list(tags)}, f"Its tags: {', '.join(tags) or 'none'}.")


def _archive(chosen: Namespace, shelf: "Shelf") -> Mapping[str, Any]:
    from builder_app.session.shelf.strategies import archive

    archive(shelf, id := _id(shelf, chosen.strategy))
    return _told(chosen, {"id": id}, "It was put away; `strategies bring-back` takes it out again.")


def _bring_back(chosen: Namespace, shelf: "Shelf") -> Mapping[str, Any]:
    from builder_app.session.shelf.strategies import bring_back

    bring_back(shelf, id := _id(shelf, chosen.strategy))
    return _told(chosen, {"id": id}, "It is among the strategies again.")


def _keep(chosen: Namespace, shelf: "Shelf") -> Mapping[str, Any]:
    from builder_app.session.shelf.strategies import keep_version

    kept = keep_version(shelf, _id(shelf, chosen.strategy), chosen.note)
    return _told(chosen, {"id": kept.id, "version": kept.version}, f"Version {kept.version} is kept ({kept.id}).")


def _versions(chosen: Namespace, shelf: "Shelf") -> Mapping[str, Any]:
    from builder_app.session.shelf.strategies import versions

    found = versions(shelf, _id(shelf, chosen.strategy))
    if not chosen.json:
        for item in found:
            print(f"{item.created_at:%Y-%m-%d %H:%M}  {item.id}  version {item.version}  {harmless(item.version_note)}")
        if not found:
            print("No version is kept yet. Keep one: strategy-builder strategies keep NAME --note TEXT.")
    return {
        "versions": [
            {
                "id": item.id,
                "version": item.version,
                "note": item.version_note,
                "created_at": item.created_at.isoformat(),
            }
            for item in found
        ]
    }


def _compare(chosen: Namespace, shelf: "Shelf") -> Mapping[str, Any]:
    from builder_app.session.shelf.strategies import compare

    other = chosen.other or shelf.store.versions.get(chosen.version).parent_version_id
    changes = compare(shelf, chosen.version, str(other))
    if not chosen.json:
        print(*([change.text for change in changes] or ["They are the same."]), sep="\n")
    return {"changes": [{"kind": str(c.kind), "subject": str(c.subject), "text": c.text} for c in changes]}


def _go_back(chosen: Namespace, shelf: "Shelf") -> Mapping[str, Any]:
    from builder_app.session.shelf.strategies import restore_version

    made = restore_version(shelf, chosen.version)
    said = f"'{made.name}' is what it was then; what it was before is kept as a version."
    return _told(chosen, {"id": made.id, "version": made.version}, said)


def _told(chosen: Namespace, answer: Mapping[str, Any], sentence: str) -> Mapping[str, Any]:
    if not chosen.json:
        print(harmless(sentence))
    return answer


ACTIONS: Final[Mapping[str, Callable[[Namespace, "Shelf"], Mapping[str, Any]]]] = {
    "list": _list,
    "export": _export,
    "import": _import,
    "duplicate": _duplicate,
    "rename": _rename,
    "tag": _tag,
    "archive": _archive,
    "bring-back": _bring_back,
    "keep": _keep,
    "versions": _versions,
    "compare": _compare,
    "go-back": _go_back,
}
