"""Read and write BibTeX and biblatex files."""
