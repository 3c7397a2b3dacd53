"""Run the evaluation under its short name: `python -m summarizer.evaluate`."""

import sys

from summarizer.evaluation.evaluate import main

if __name__ == "__main__":
    sys.exit(main())
