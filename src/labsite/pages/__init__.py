"""Pages and YAML files that are records: people, topics, news, courses, groups."""
