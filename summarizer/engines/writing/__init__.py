"""The code shared by the engines that generate text: prompts, refinement, and checks of the model's output."""
