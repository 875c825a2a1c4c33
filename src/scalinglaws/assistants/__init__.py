"""What language models call: the library as tools of the Model Context Protocol, every answer bounded and sourced."""
