"""Which blocks exist: templates read from curated JSON files, checked, as one Catalogue.

In: the folder of template files, users' templates as JSON.  Out: a flow Catalogue, or the Problems of a template.
Not here: drawing a block, turning a flow into text.
"""

from builder_app.nodes.catalogue import load_catalogue
from builder_app.nodes.parameters import validate_parameters
from builder_app.nodes.templates import TemplatesUnreadable, template_from_json, template_to_json

__all__ = ["TemplatesUnreadable", "load_catalogue", "template_from_json", "template_to_json", "validate_parameters"]
