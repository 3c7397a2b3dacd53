"""Run the evaluation: `python -m summarizer.evaluation`."""

import sys

from summarizer.evaluation.evaluate import main

sys.exit(main())
