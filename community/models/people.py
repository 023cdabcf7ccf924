from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        """Save and return a person who signs in with `email`, by code if no
        password is given (the ordinary way)."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        """As `create_user`, with every permission."""
        return self.create_user(
            email, password, is_staff=True, is_superuser=True, **fields
        )

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. Signs in with a code sent to the address.

    Once `erased`, it is a number without a name: it says nothing but that what was
    done with it was done by one and the same.
    """

    # Where the address of an erased account is: nowhere (RFC 2606, 2).
    NOBODY: ClassVar = "erased.invalid"

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(
        _("language"),
        max_length=5,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
    )
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)
    erased = models.DateTimeField(_("erased"), null=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = (
            # One account an address, however it is capitalised.
            models.UniqueConstraint(Lower("email"), name="user_email_ci"),
        )

    def __str__(self) -> str:
        return self.get_full_name()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django's, of the password alone, would let whoever had the old address stay.
        proof = f"{self.password}:{self.email.lower()}"
        hashed = salted_hmac("community.session", proof, secret, algorithm="sha256")
        return hashed.hexdigest()

    def get_full_name(self) -> str:
        if self.erased:
            return gettext("erased account %d") % self.pk
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.get_full_name()
