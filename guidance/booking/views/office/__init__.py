"""Pages for coordinators: the events their organisations hold."""
