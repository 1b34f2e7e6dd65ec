"""`python -m builder_app` is the same as `strategy-builder`."""

import sys

from builder_app.main import main

if __name__ == "__main__":
    sys.exit(main())
