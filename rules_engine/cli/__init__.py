"""The command `settle`: reads files, calls the library, prints."""
