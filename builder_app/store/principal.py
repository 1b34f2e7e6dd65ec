"""In whose name the store is read and written."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """One user. Everything that a repository reads or changes is this user's, or shared with everybody.

    `user_id` is UUID text. An administrator may change system templates; others' strategies stay out of sight.
    """

    user_id: str
    is_administrator: bool = False

    def __post_init__(self) -> None:
        if not self.user_id:
            raise ValueError("A user needs an id; it was empty.")
