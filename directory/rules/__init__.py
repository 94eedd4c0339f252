"""What keeps the directory fair, and officers from being asked too often. Rules know no viewer: access says no."""
