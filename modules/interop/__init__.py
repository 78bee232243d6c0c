"""What leaves the site in other people's formats. No room here reads or writes the database."""
