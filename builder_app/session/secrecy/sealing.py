"""Sensitive values between a picture in memory, which has them plain, and the store, which has them sealed.

The codec writes no value of a secret whatever happens; here each is exchanged for its ciphertext before, and what is
read is opened after. What cannot be opened is empty in the picture, says why, and keeps its ciphertext, so that saving
loses nothing that a found key could open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from builder_app.flow.group_paths import path_id, path_name, path_to_group
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.secret_values import (
    Place,
    edit_with_secrets,
    in_place,
    secrets_in,
    with_secrets,
)
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow, Secret, frozen_mapping
from builder_app.flow.wording import words
from builder_app.session.drafts.document import Document
from builder_app.session.drafts.history import History, Step
from builder_app.session.drafts.journal import Entry
from builder_app.store.secrets import Owner, SecretUnreadable, Vault


def of_draft(session: str) -> Owner:
    """What a draft's secrets belong to."""
    return Owner("session", session)


def of_strategy(instance: str) -> Owner:
    """What the secrets of a saved strategy belong to, and those of its versions, tests and generations."""
    return Owner("strategy", instance)


@dataclass(frozen=True, slots=True)
class Seal:
    """What turns pictures and steps into what may be stored for one owner."""

    vault: Vault
    owner: Owner

    def flow(self, flow: LogicFlow) -> LogicFlow:
        """The flow with every secret sealed; the flow itself where there is none in it."""
        return with_secrets(flow, partial(_sealed, self.vault, self.owner))

    def entry(self, entry: Entry) -> Entry:
        """The journal's entry with every secret sealed."""
        return replace(entry, step=_step(entry.step, partial(_sealed, self.vault, self.owner)))


def opened_flow(vault: Vault, owner: Owner, flow: LogicFlow) -> LogicFlow:
    """A flow that was stored for this owner, with its secrets open, or empty with the reason."""
    return with_secrets(flow, partial(_opened, vault, (owner,)))


def open_document(vault: Vault, document: Document) -> None:
    """Open the secrets of a document that was read from the store: in its picture, its history and its saved form.

    A draft may hold what was sealed for itself, and what it took over from its saved strategy; nothing else opens.
    """
    owners = [of_draft(id) for id in dict.fromkeys((document.read_from or document.id, document.id))]
    if document.saved_flow is not None and document.instance is not None:
        document.saved_flow = opened_flow(vault, of_strategy(document.instance), document.saved_flow)
    if document.instance is not None:
        owners.append(of_strategy(document.instance))
    open_one = partial(_opened, vault, owners)
    flow = with_secrets(document.flow, open_one)
    if document.saved_flow is not None:
        flow = with_secrets(flow, partial(_filled, document.saved_flow))
    document.flow = flow
    document.history = _history(document.history, open_one)


def open_again(vault: Vault, document: Document) -> LogicFlow:
    """Try once more to open what could not be opened: a key was found. The picture as it was before."""
    before = document.flow
    again = partial(_opened_again, vault)
    document.flow = with_secrets(before, again)
    document.history = _history(document.history, again)
    if document.saved_flow is not None:
        document.saved_flow = with_secrets(document.saved_flow, again)
    return before


def problems_of_secrets(vault: Vault, flow: LogicFlow, catalogue: Catalogue) -> tuple[Problem, ...]:
    """What the strategist should know of the flow's secrets: which are empty and why, and whether they are kept."""
    return tuple(_problems(vault, flow, catalogue))


def _problems(vault: Vault, flow: LogicFlow, catalogue: Catalogue) -> Iterator[Problem]:
    held = list(secrets_in(flow))
    for place, secret in held:
        if secret.why:
            node = _block_at(flow, place)
            what = f"The {words(place[-1])} of '{path_name(flow, catalogue, node)}'" if node else _named(place)
            yield Problem(
                Severity.WARNING,
                "secret-unreadable",
                f"{what} is empty. {secret.why}",
                node=node,
                hint="Everything else is as it was.",
                parameter=place[-1],
            )
    if any(secret.is_set for _, secret in held) and not vault.can_keep():
        hint = "See 'Sensitive values…' in the menu File."
        yield Problem(Severity.WARNING, "secret-not-kept", vault.notice, hint=hint)


def _block_at(flow: LogicFlow, place: Place) -> str | None:
    """The block that holds the secret; of one inside a group, as it is seen through the group's first instance."""
    if place[0] == "group":
        path = path_to_group(flow, place[1])
        return None if path is None else path_id(path, place[2])
    return place[1] if place[0] == "block" else None


def _named(place: Place) -> str:
    if place[0] == "group":
        return f"The {words(place[-1])} of a block in a group that is not drawn"
    return f"The sensitive strategy parameter '{place[-1]}'"


def _sealed(vault: Vault, owner: Owner, place: Place, secret: Secret) -> Secret:
    if secret.is_set:
        return Secret(sealed=vault.seal(owner, place, secret.value) or "")
    return Secret(sealed=secret.kept.get((*owner, *place), ""))


def _opened(vault: Vault, owners: Sequence[Owner], place: Place, secret: Secret) -> Secret:
    if not secret.sealed:
        return secret
    why = ""
    for owner in owners:
        try:
            return Secret(vault.open(owner, place, secret.sealed))
        except SecretUnreadable as reason:
            why = why or str(reason)
    return Secret(why=why, kept=frozen_mapping({(*owner, *place): secret.sealed for owner in owners}))


def _opened_again(vault: Vault, _place: Place, secret: Secret) -> Secret:
    for (kind, id, *bound), token in secret.kept.items():
        try:
            return Secret(vault.open(Owner(kind, id), bound, token))
        except SecretUnreadable as reason:
            secret = replace(secret, why=str(reason))
    return secret


def _filled(saved: LogicFlow, place: Place, secret: Secret) -> Secret:
    """Where the draft has nothing, what the saved strategy has; where both are closed, the ciphertext of each."""
    other = in_place(saved, place)
    if secret.is_set or other is None:
        return secret
    if not secret.why and not secret.kept:
        return other
    return replace(secret, kept=frozen_mapping({**secret.kept, **other.kept}))


def _history(history: History, exchange: partial[Secret]) -> History:
    return replace(history, steps=tuple(_step(step, exchange) for step in history.steps))


def _step(step: Step, exchange: partial[Secret]) -> Step:
    edit, inverse = edit_with_secrets(step.edit, exchange), edit_with_secrets(step.inverse, exchange)
    return replace(step, edit=edit, inverse=inverse)
