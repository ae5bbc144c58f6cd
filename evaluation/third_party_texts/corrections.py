"""Texts whose own translation is wrong, misspelt or in other words than ours; the catalogue replaces it."""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

TEXTS = (
    # «رمز عبور» and «فایل», as everywhere here
    _("No file was submitted. Check the encoding type on the form."),
    _("No file was submitted."),
    _("Upload a valid image. The file you uploaded was either not an image or a corrupted image."),
    _("File path"),
    _("Password changed successfully."),
    _("Change password: %s"),
    _("password"),
    _("Password"),
    _("The two password fields didn’t match."),
    _("Password confirmation"),
    _("New password"),
    _("New password confirmation"),
    _("Your old password was entered incorrectly. Please enter it again."),
    _("Old password"),
    _("Password reset on %(site_name)s"),
    _("Password reset"),
    _("Enter new password"),
    _("Password reset unsuccessful"),
    _("Password reset complete"),
    _("Password change"),
    _("Password change successful"),
    _("Your password was changed."),
    _("Change my password"),
    _("Your password has been set.  You may go ahead and log in now."),
    _("Password reset confirmation"),
    _("Please enter your new password twice so we can verify you typed it in correctly."),
    _("New password:"),
    _("Confirm password:"),
    _(
        "The password reset link was invalid, possibly because it has already been used.  Please request a new"
        " password reset."
    ),
    _("Please go to the following page and choose a new password:"),
    _("Reset my password"),
    _("Forgotten your login credentials?"),
    _("Delete selected %(verbose_name_plural)s"),
    _("Successfully deleted %(count)d %(items)s."),
    _("Cannot delete %(name)s"),
    _("Delete multiple objects"),
    _("View %s"),
    _("Clear all filters"),
    _("Designates whether this user should be treated as active. Unselect this instead of deleting accounts."),
    _(
        "Please enter the correct %(username)s and password for a staff account. Note that both fields may be"
        " case-sensitive."
    ),
    _("Please enter a correct %(username)s and password. Note that both fields may be case-sensitive."),
    _("Deletion"),
    _("content type"),
    _("action flag"),
    _("change message"),
    _("log entry"),
    _("log entries"),
    _("LogEntry Object"),
    _("Added “%(object)s”."),
    _("Changed “%(object)s” — %(changes)s"),
    _("Deleted “%(object)s.”"),
    _("Added {name} “{object}”."),
    _("Added."),
    _("Changed {fields} for {name} “{object}”."),
    _("Changed {fields}."),
    _("Deleted {name} “{object}”."),
    _("No fields changed."),
    _("Hold down “Control”, or “Command” on a Mac, to select more than one."),
    _("The {name} “{obj}” was added successfully."),
    _("You may edit it again below."),
    _("The {name} “{obj}” was added successfully. You may add another {name} below."),
    _("The {name} “{obj}” was changed successfully. You may edit it again below."),
    _("The {name} “{obj}” was changed successfully. You may add another {name} below."),
    _("The {name} “{obj}” was changed successfully."),
    _("Items must be selected in order to perform actions on them. No items have been changed."),
    _("No action selected."),
    _("The %(name)s “%(obj)s” was deleted successfully."),
    _("%(name)s with ID “%(key)s” doesn’t exist. Perhaps it was deleted?"),
    _("Add %s"),
    _("Add"),
    _("Add %(name)s"),
    _("Add link"),
    _("Change or view list link"),
    ngettext_lazy("%(total_count)s selected", "All %(total_count)s selected"),
    _("0 of %(cnt)s selected"),
    _(
        "Deleting %(class_name)s %(instance)s would require deleting the following protected related objects:"
        " %(related_objects)s"
    ),
    _("Page not found"),
    _("We’re sorry, but the requested page could not be found."),
    _("Home"),
    _(
        "There’s been an error. It’s been reported to the site administrators via email and should be fixed"
        " shortly. Thanks for your patience."
    ),
    _("Run the selected action"),
    _("Go"),
    _("Click here to select the objects across all pages"),
    _("Select all %(total_count)s %(module_name)s"),
    _("Clear selection"),
    _("Models in the %(name)s application"),
    _("Set password"),
    _("Enter a new password for the user <strong>%(username)s</strong>."),
    _("Disable password-based authentication"),
    _("Enable password-based authentication"),
    _("View site"),
    _("Remove from sorting"),
    _("Toggle sorting"),
    _(
        "Deleting the %(object_name)s '%(escaped_object)s' would result in deleting related objects, but your"
        " account doesn't have permission to delete the following types of objects:"
    ),
    _(
        "Deleting the %(object_name)s '%(escaped_object)s' would require deleting the following protected"
        " related objects:"
    ),
    _(
        'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? All of the following related'
        " items will be deleted:"
    ),
    _("Objects"),
    _("Yes, I’m sure"),
    _("No, take me back"),
    _(
        "Deleting the selected %(objects_name)s would result in deleting related objects, but your account"
        " doesn't have permission to delete the following types of objects:"
    ),
    _("Deleting the selected %(objects_name)s would require deleting the following protected related objects:"),
    _(
        "Are you sure you want to delete the selected %(objects_name)s? All of the following objects and their"
        " related items will be deleted:"
    ),
    _(" By %(filter_title)s "),
    _("Recent actions"),
    _("My actions"),
    _("Added:"),
    _("Changed:"),
    _("Deleted:"),
    _("Unknown content"),
    _(
        "Something’s wrong with your database installation. Make sure the appropriate database tables have been"
        " created, and make sure the database is readable by the appropriate user."
    ),
    _(
        "You are authenticated as %(username)s, but are not authorized to access this page. Would you like to"
        " login to a different account?"
    ),
    _("Toggle navigation"),
    _("Sidebar"),
    _("Start typing to filter…"),
    _("Filter navigation items"),
    _("Action"),
    _("This object doesn’t have a change history. It probably wasn’t added via this admin site."),
    _("Popup closing…"),
    _("%(full_result_count)s total"),
    _("Save as new"),
    _("Save and add another"),
    _("Change selected %(model)s"),
    _("Add another %(model)s"),
    _("Add another %(verbose_name)s"),
    _("Delete selected %(model)s"),
    _("View selected %(model)s"),
    _("Thanks for spending some quality time with the web site today."),
    _(
        "Please enter your old password, for security’s sake, and then enter your new password twice so we can"
        " verify you typed it in correctly."
    ),
    _(
        "We’ve emailed you instructions for setting your password, if an account exists with the email you"
        " entered. You should receive them shortly."
    ),
    _(
        "If you don’t receive an email, please make sure you’ve entered the address you registered with, and"
        " check your spam folder."
    ),
    _("You're receiving this email because you requested a password reset for your user account at %(site_name)s."),
    _("Thanks for using our site!"),
    _("Forgotten your password? Enter your email address below, and we’ll email instructions for setting a new one."),
    _("Email address:"),
    _("Email"),
    _("email address"),
    _("Email address"),
    _("Enter a valid email address."),
    _("Select all objects on this page for an action"),
    _("Select %s"),
    _("Change:"),
    _("Authentication and Authorization"),
    _("Permissions"),
    _("permission"),
    _("permissions"),
    _("user permissions"),
    _("Specific permissions for this user."),
    _("Designates that this user has all permissions without explicitly assigning them."),
    _("The groups this user belongs to. A user will get all permissions granted to each of their groups."),
    _("staff status"),
    _("superuser status"),
    _("date joined"),
    _("salt"),
    _("hash"),
    _("Designates whether the user can log into this admin site."),
    _("users"),
    _("No password set."),
    _("Invalid password format or unknown hashing algorithm."),
    _("Enter the same password as before, for verification."),
    _("This account is inactive."),
    _("Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only."),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
    ),
    _("The password is too similar to the %(verbose_name)s."),
    _("Your password can’t be too similar to your other personal information."),
    _("This password is too common."),
    _("Your password can’t be a commonly used password."),
    _("This password is entirely numeric."),
    _("Your password can’t be entirely numeric."),
    _("Password reset sent"),
    _("Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."),
    _("Enter a valid integer."),
    _("Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
    _("Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens."),
    _("Enter only digits separated by commas."),
    _("Ensure this value is %(limit_value)s (it is %(show_value)s)."),
    _("Ensure this value is less than or equal to %(limit_value)s."),
    _("Ensure this value is greater than or equal to %(limit_value)s."),
    ngettext_lazy(
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
    ),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
    ),
    ngettext_lazy(
        "Ensure this filename has at most %(max)d character (it has %(length)d).",
        "Ensure this filename has at most %(max)d characters (it has %(length)d).",
    ),
    ngettext_lazy(
        "Ensure that there are no more than %(max)s digit before the decimal point.",
        "Ensure that there are no more than %(max)s digits before the decimal point.",
    ),
    _("File extension “%(extension)s” is not allowed. Allowed extensions are: %(allowed_extensions)s."),
    _("Null characters are not allowed."),
    _("%(model_name)s with this %(field_labels)s already exists."),
    _("%(model_name)s with this %(field_label)s already exists."),
    _("Value %(value)r is not a valid choice."),
    _("This field cannot be null."),
    _("This field cannot be blank."),
    _("“%(value)s” value must be a decimal number."),
    _("“%(value)s” value must be a float."),
    _("“%(value)s” value must be an integer."),
    _("“%(value)s” is not a valid UUID."),
    _("Enter a whole number."),
    _("Enter a valid JSON."),
    _("This field is required."),
    _("The submitted file is empty."),
    _("Please either submit a file or check the clear checkbox, not both."),
    _("“%(pk)s” is not a valid value."),
    _(
        "%(datetime)s couldn’t be interpreted in time zone %(current_timezone)s; it may be ambiguous or it may"
        " not exist."
    ),
    _(
        "ManagementForm data is missing or has been tampered with. Missing fields: %(field_names)s. You may"
        " need to file a bug report if the issue persists."
    ),
    _("Please correct the duplicate data for %(field)s."),
    _("Please correct the duplicate data for %(field)s, which must be unique."),
    _(
        "Please correct the duplicate data for %(field_name)s which must be unique for the %(lookup)s in"
        " %(date_field)s."
    ),
    _("Please correct the duplicate values below."),
    _("Order"),
    _("%s KB"),
    _("%s MB"),
    _("%s GB"),
    _("%s TB"),
    _("%s PB"),
    _("a.m."),
    _("AM"),
    _("PM"),
    _("midnight"),
    _("Tuesday"),
    _("Thursday"),
    _("Thu"),
    _("No %(verbose_name)s found matching the query"),
    _("CSRF verification failed. Request aborted."),
    _(
        "You are seeing this message because this HTTPS site requires a “Referer header” to be sent by your web"
        " browser, but none was sent. This header is required for security reasons, to ensure that your browser"
        " is not being hijacked by third parties."
    ),
    _(
        "If you have configured your browser to disable “Referer” headers, please re-enable them, at least for"
        " this site, or for HTTPS connections, or for “same-origin” requests."
    ),
    _(
        "You are seeing this message because this site requires a CSRF cookie when submitting forms. This"
        " cookie is required for security reasons, to ensure that your browser is not being hijacked by third"
        " parties."
    ),
    _(
        "If you have configured your browser to disable cookies, please re-enable them, at least for this site,"
        " or for “same-origin” requests."
    ),
    _("%s through import_export"),
    _("%(exc_name)s encountered while trying to read file. Ensure you have chosen the correct format for the file."),
    _("Export selected %(verbose_name_plural)s"),
    _("Format"),
    _("File to import"),
    _("Form is not validated, call `is_valid` first"),
    _('Select at least 1 field for "%(resource_name)s" to export'),
    _("The following fields are declared in 'import_id_fields' but are not present in the resource fields: %s"),
    _("The following fields are declared in 'import_id_fields' but are not present in the file headers: %s"),
    _("call to force_str() on instance failed: %s"),
    ngettext_lazy("Export %(len)s selected item.", "Export %(len)s selected items."),
    _("Below is a preview of data to be imported. If you are satisfied with the results, click 'Confirm import'"),
    _("Confirm import"),
    _("Line number"),
    _("Some rows failed to validate"),
    _("Please correct these errors in your data where possible, then reupload it using the form above."),
    _("Non field specific"),
    _("Update"),
    _("This importer will import the following fields: "),
    pgettext_lazy("abbrev. month", "July"),
    pgettext_lazy("alt. month", "July"),
)
