"""What tests share: factories, doubles of the outside world, hostile texts."""
