"""Parts of the set-up flows that both halves use."""
