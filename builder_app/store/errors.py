"""What can go wrong with the store. Each error's text is a whole sentence that may be shown to the strategist."""


class StoreError(Exception):
    """The ground of the store's own errors."""


class StoreUnavailable(StoreError):
    """The store cannot be opened, read or written: the disk, the file, or another program is in the way."""


class NotThere(StoreError, LookupError):
    """No such row, or none that this user may see: the two look alike on purpose."""


class StoreConflict(StoreError):
    """Someone else wrote first: the row is not what the caller thinks it is. Nothing was changed."""


class TemplateInUse(StoreConflict):
    """A block template that strategies still use was not deleted; `strategies` are their names."""

    def __init__(self, template: str, strategies: tuple[str, ...]) -> None:
        self.strategies = strategies
        shown = ", ".join(f"'{name}'" for name in strategies[:6])
        more = f" and {len(strategies) - 6} more" if len(strategies) > 6 else ""
        super().__init__(
            f"The block '{template}' was not deleted: it is used in {shown}{more}. "
            "Take it out of them first, or delete it all the same; its blocks there are then kept as placeholders."
        )


class RefusedValue(StoreError, ValueError):
    """A value that no column may hold: broken JSON, a time without zone, a number out of its range."""


class NotAllowed(StoreError, PermissionError):
    """Only an administrator may do this."""


class DamagedFile(StoreError):
    """SQLite cannot read the file, or its own checks fail. The text says what was found."""


class DamagedRow(StoreError):
    """A row whose checksum does not hold: it was damaged on disk, and nothing of it is trusted. It is still there."""


class UnguardedStatement(StoreError):
    """A fault of this program: a statement that would have gone past the ownership filter. It was not run."""
