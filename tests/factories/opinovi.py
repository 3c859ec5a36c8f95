import factory
from factory.django import DjangoModelFactory

from opinovi.models import User


class UserFactory(DjangoModelFactory):
    """Somebody with an account and no rights."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Testi Henkilö {n}")
    email = factory.Sequence(lambda n: f"henkilo{n}@example.fi")
    password = "!"
