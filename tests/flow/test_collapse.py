"""A collapsed block is told in files only where there is one, and changes nothing in what the strategy says."""

from builder_app.codegen.flow_hash import flow_hash
from builder_app.flow.codec import decode, encode
from builder_app.flow.edits import AddNode, Collapse, apply
from builder_app.flow.values import EMPTY_FLOW, Node

ONE, _ = apply(EMPTY_FLOW, AddNode(Node("a", "sma")))


def test_file_without_collapsed_blocks_is_one_that_older_programs_read() -> None:
    assert "collapsed" not in str(encode(ONE))


def test_collapsed_block_comes_back_from_its_file_and_its_edit_has_an_inverse() -> None:
    collapsed, inverse = apply(ONE, Collapse("a", True))
    assert collapsed.nodes["a"].collapsed
    assert decode(encode(collapsed)) == collapsed
    assert apply(collapsed, inverse)[0] == ONE


def test_collapsing_leaves_the_fingerprint_of_the_flow() -> None:
    assert flow_hash(apply(ONE, Collapse("a", True))[0]) == flow_hash(ONE)
