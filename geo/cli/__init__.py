"""The command line (layer 9): one file a command, loaded when it is called."""
