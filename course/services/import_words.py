"""What each fault of a list is called, in words. Keys are the codes of the pure rooms."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from course.people_files import Problem

WORDS: Final[Mapping[str, str | Promise]] = {
    # the file
    "file_empty": _("The file is empty."),
    "file_too_large": _("The file is larger than %(detail)s megabytes. Send it in parts."),
    "file_old_or_locked": _(
        "This is an old Excel file (.xls) or it has a password. Save it as .xlsx without one."
    ),
    "file_not_text": _("This is not a list. Send a CSV file or an Excel file (.xlsx)."),
    "file_letters_unknown": _("The letters cannot be read. Save the file as CSV UTF-8."),
    "csv_quotes": _("A quotation mark is opened and not closed from this row on."),
    "rows_too_many": _("More than %(detail)s people. Send the list in parts."),
    "rows_none": _("There are headings but no people below them."),
    "columns_too_many": _("More than %(detail)s columns. Use the template."),
    "workbook_broken": _("This Excel file is damaged or unusual. Save it again as .xlsx or CSV."),
    "workbook_packed": _("This Excel file is far larger inside than a list. Use the template."),
    "workbook_macros": _("This Excel file holds macros. Save it as .xlsx without them."),
    "workbook_sheets": _("%(detail)s sheets hold something. Keep one."),
    # the headings
    "heading_missing": _("There is no column “%(detail)s”. Every list needs one."),
    "heading_unknown": _("“%(detail)s” is no column we know. Rename it or take it out."),
    "heading_twice": _("The column “%(detail)s” is there twice."),
    # any cell
    "cell_without_heading": _("A text without a heading above it."),
    "cell_too_long": _("Longer than %(detail)s signs."),
    "cell_lines": _("More than one line in a cell."),
    "cell_invisible": _("A sign that cannot be seen. Type the text again."),
    "cell_broken_letter": _("A letter was lost when the file was saved. Save it as CSV UTF-8."),
    "cell_like_formula": _("A text may not begin with “%(detail)s”: spreadsheets would run it."),
    "cell_formula": _("A formula. Put its result there as text."),
    "cell_date": _("A date. Put a text there."),
    "cell_number": _("A number. Format the cell as text, so that no zero is lost."),
    "cell_yes_no": _("A TRUE or FALSE. Put a text there."),
    "cell_error": _("An error of the spreadsheet, such as #N/A."),
    # the sign-in name
    "name_missing": _("The sign-in name is missing."),
    "name_signs": _("Use letters a to z, numbers, full stops, hyphens and underscores only."),
    "name_too_long": _("A sign-in name has at most %(detail)s signs."),
    "name_is_email": _("This is an e-mail address. A sign-in name should not tell who it is."),
    "name_is_identity": _("This looks like an identity card number. Never use one here."),
    "name_is_number": _("This looks like a phone number. Use a name that does not tell who it is."),
    "name_reserved": _("A sign-in name may not begin with “erased-”."),
    "name_twice": _("This sign-in name is also in row %(detail)s."),
    "name_taken": _("This sign-in name is taken. Please choose another."),
    # the other columns
    "alias_too_long": _("A name to show has at most %(detail)s signs."),
    "language_unknown": _("“%(detail)s” is no language of this course. Use en or ms."),
    "role_unknown": _("“%(detail)s” is no role. Use learner or trainer."),
    "role_administrator": _("Administrators are not made by a list. Give the role by hand."),
    "role_differs": _("This person is here already in another role. Change it on their page."),
    "person_paused": _("The place of this person is paused. Let them in again first."),
    "cohorts_too_many": _("At most %(detail)s cohorts for one person."),
    "cohort_twice": _("The same cohort twice."),
    "cohort_too_long": _("The name of a cohort has at most %(detail)s signs."),
    "cohort_unknown": _("There is no cohort “%(detail)s”. Make it first or mend the name."),
    "office_unknown": _("There is no office “%(detail)s”. Make it first or mend the name."),
    "office_closed": _("The office “%(detail)s” is closed and takes nobody new."),
    "email_wrong": _("This is not an e-mail address."),
    "email_too_long": _("An e-mail address has at most %(detail)s signs."),
    "manager_unknown": _("“%(detail)s” is neither in this list nor in your organisation."),
    "manager_self": _("Nobody is their own manager."),
    "manager_paused": _("The place of “%(detail)s” is paused."),
    "manager_circle": _("These managers form a circle: somebody would report to themselves."),
}


def sentence(problem: Problem) -> str:
    """The fault in the reader's language."""
    return str(WORDS[problem.code]) % {"detail": problem.detail}


def where(problem: Problem) -> str:
    """The place of the fault: “Row 7, column B (alias)”, “Row 7” or “File”."""
    if not problem.row:
        return gettext("File")
    if not problem.column:
        return gettext("Row %(row)s") % {"row": problem.row}
    place = {"row": problem.row, "column": problem.column}
    return gettext("Row %(row)s, column %(column)s") % place
