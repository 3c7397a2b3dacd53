"""What the engines that write share: prompts, refinement, and the checks of what a model wrote."""
