"""The account of somebody who has left, or has not come for long."""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.models import EditingSession, FormState
from wagtail.models import APIToken, ModelLogEntry, PageSubscription
from wagtail.users.models import UserProfile

from community.acting import memberships
from community.models import Cover, UnitMembership, User

from .addresses import of_address

# After the last sign-in, or the making of the account.
UNUSED = timedelta(days=730)


def account_of(address: str) -> User | None:
    """The account of `address`, unless it has left."""
    return of_address(User.objects.filter(erased=None), address).first()


def unused(now: datetime) -> QuerySet[User]:
    """Accounts nobody has signed in with for two years. Whoever may do everything
    is not among them: the house would have no key."""
    seen = Coalesce(F("last_login"), F("date_joined"))
    people = User.objects.filter(erased=None, is_superuser=False)
    return people.alias(seen=seen).filter(seen__lt=now - UNUSED)


def seen(address: str) -> None:
    """The reader of `address` was here, by a link in our mail: for who acts for a local
    body that is as good as signing in."""
    here = of_address(User.objects.filter(erased=None), address)
    here.update(last_login=timezone.now())


def erase_unused(now: datetime, limit: int) -> int:
    """Erase at most `limit` unused accounts; returns how many."""
    return sum(erase(user) for user in list(unused(now)[:limit]))


def check_can_leave(user: User) -> None:
    """Raise ValidationError if nobody could do everything without `user`."""
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    if user.is_superuser and not others.exists():
        raise ValidationError(
            _("You are the only one who may do everything: let somebody else first.")
        )


def close(user: User) -> None:
    """Nobody signs in with the account of `user` any more, and whoever is signed in
    with it is signed out."""
    user.is_active = False
    # The sessions are bound to it.
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    memberships.end_all(user)


def erase(user: User) -> bool:
    """Forget whose account it was. What was done with it stays in the histories, of
    a number. Returns False if it was forgotten already."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.erased:
            return False
        user.name = ""
        user.email = f"{user.pk}@{User.NOBODY}"
        user.is_staff = user.is_superuser = user.is_active = False
        user.last_login = None
        user.erased = timezone.now()
        user.set_unusable_password()
        user.save()
        memberships.end_all(user)
        user.groups.clear()
        user.user_permissions.clear()
        for profile in UserProfile.objects.filter(user=user):
            profile.avatar.delete(save=False)
        for model in OF_AN_ACCOUNT:
            _rows_of(model, user).delete()
        _history_of(user).update(label=str(user))
    return True


OF_AN_ACCOUNT: tuple[Any, ...] = (
    EmailAddress,
    UnitMembership,
    Cover,
    UserProfile,
    EditingSession,
    FormState,
    APIToken,
    PageSubscription,
)


def _rows_of(model: Any, user: User) -> QuerySet:
    return model.objects.filter(user=user)


def _history_of(user: User) -> QuerySet[ModelLogEntry]:
    """What was done to the account: entries that are labelled with its name."""
    accounts = ContentType.objects.get_for_model(User)
    return ModelLogEntry.objects.filter(content_type=accounts, object_id=str(user.pk))
