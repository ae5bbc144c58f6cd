"""The least length of a password, told in the digits of the language."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError

from evaluation.persian import localise_digits


class LeastLength(MinimumLengthValidator):
    """Django's validator, whose sentences hold the number in Persian digits on a Persian page."""

    def validate(self, password, user=None):
        """Raise ValidationError where the password is too short."""
        try:
            super().validate(password, user)
        except ValidationError as error:
            raise ValidationError(localise_digits(error.messages[0]), code=error.code) from error

    def get_help_text(self):
        """The sentence below the field."""
        return localise_digits(super().get_help_text())
