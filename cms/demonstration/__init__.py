"""What the demonstration says in the other languages: a catalogue for each."""
