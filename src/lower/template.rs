//! Texts of configuration files in which `${NAME}`, `{{ … }}` and the like stand for something else.
