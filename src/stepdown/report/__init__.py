"""Results as people read them: words and numbers in Danish and English, tables, files, figures."""
