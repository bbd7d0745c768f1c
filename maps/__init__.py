"""What a planner looks at."""
