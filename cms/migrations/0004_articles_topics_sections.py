import django.db.models.deletion
import i18nfield.fields
import modelcluster.contrib.taggit
import modelcluster.fields
import uuid
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0003_agenda"),
        ("community", "0005_privacy"),
        (
            "taggit",
            "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx",
        ),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ArticlesPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "lead",
                    models.TextField(
                        blank=True,
                        help_text="One or two sentences under the title, also for search engines.",
                        max_length=400,
                        verbose_name="lead",
                    ),
                ),
                (
                    "body",
                    wagtail.fields.StreamField([], blank=True, verbose_name="body"),
                ),
            ],
            options={
                "verbose_name": "page of articles",
                "verbose_name_plural": "pages of articles",
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="SectionPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "lead",
                    models.TextField(
                        blank=True,
                        help_text="One or two sentences under the title, also for search engines.",
                        max_length=400,
                        verbose_name="lead",
                    ),
                ),
                (
                    "body",
                    wagtail.fields.StreamField([], blank=True, verbose_name="body"),
                ),
                (
                    "shows_pages",
                    models.BooleanField(
                        default=True,
                        help_text="Each published page below this one, as a card.",
                        verbose_name="show the pages below",
                    ),
                ),
                (
                    "contact",
                    wagtail.fields.RichTextField(
                        blank=True,
                        help_text="Whom to ask about this, and how: an address, a telephone.",
                        verbose_name="contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "section",
                "verbose_name_plural": "sections",
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="TopicsPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "lead",
                    models.TextField(
                        blank=True,
                        help_text="One or two sentences under the title, also for search engines.",
                        max_length=400,
                        verbose_name="lead",
                    ),
                ),
                (
                    "body",
                    wagtail.fields.StreamField([], blank=True, verbose_name="body"),
                ),
            ],
            options={
                "verbose_name": "page of topics",
                "verbose_name_plural": "pages of topics",
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="ArticlePage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "lead",
                    models.TextField(
                        blank=True,
                        help_text="One or two sentences under the title, also for search engines.",
                        max_length=400,
                        verbose_name="lead",
                    ),
                ),
                (
                    "body",
                    wagtail.fields.StreamField([], blank=True, verbose_name="body"),
                ),
                (
                    "picture_alt",
                    models.CharField(
                        blank=True,
                        help_text="For those who cannot see it. Left empty, it is there for the eye only.",
                        max_length=250,
                        verbose_name="what the picture shows",
                    ),
                ),
                (
                    "published",
                    models.DateField(
                        blank=True,
                        db_index=True,
                        help_text="The date that readers see. Left empty, it is the day of the first publication.",
                        null=True,
                        verbose_name="published on",
                    ),
                ),
                (
                    "picture",
                    models.ForeignKey(
                        blank=True,
                        help_text="Without one, the article wears the tiles of its first topic.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="cms.customimage",
                        verbose_name="picture",
                    ),
                ),
                (
                    "topics",
                    modelcluster.fields.ParentalManyToManyField(
                        help_text="One to three. Readers find the article under each of them.",
                        related_name="articles",
                        to="community.topic",
                        verbose_name="topics",
                    ),
                ),
            ],
            options={
                "verbose_name": "article",
                "verbose_name_plural": "articles",
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="ArticleTag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "content_object",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tagged_items",
                        to="cms.articlepage",
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(app_label)s_%(class)s_items",
                        to="taggit.tag",
                    ),
                ),
            ],
            options={
                "verbose_name": "tag of an article",
                "verbose_name_plural": "tags of articles",
            },
        ),
        migrations.AddField(
            model_name="articlepage",
            name="tags",
            field=modelcluster.contrib.taggit.ClusterTaggableManager(
                blank=True,
                help_text="Words of your own, with commas between them.",
                through="cms.ArticleTag",
                to="taggit.Tag",
                verbose_name="tags",
            ),
        ),
        migrations.CreateModel(
            name="Author",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "role",
                    i18nfield.fields.I18nCharField(
                        blank=True,
                        help_text="What readers should know: the job, not the rank.",
                        max_length=200,
                        verbose_name="role",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        blank=True,
                        help_text="For those of a local body.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="community.localbody",
                        verbose_name="local body",
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="cms.customimage",
                        verbose_name="photo",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        help_text="For those of the house.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="community.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "author",
                "verbose_name_plural": "authors",
                "ordering": ("name", "pk"),
            },
        ),
        migrations.CreateModel(
            name="SiteSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "about",
                    i18nfield.fields.I18nTextField(
                        blank=True,
                        help_text="One or two sentences at the foot of every page.",
                        verbose_name="about the site",
                    ),
                ),
                (
                    "contact",
                    i18nfield.fields.I18nTextField(
                        blank=True,
                        help_text="Who answers, and when: a unit, its hours. A line for each.",
                        verbose_name="contact",
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="e-mail address"
                    ),
                ),
                (
                    "telephone",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="telephone"
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        blank=True,
                        help_text="Shown with a link to a page that has no picture of its own. At least 1200 by 630 pixels.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="cms.customimage",
                        verbose_name="picture for social networks",
                    ),
                ),
            ],
            options={
                "verbose_name": "foot and contact",
            },
        ),
        migrations.CreateModel(
            name="TopicPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "lead",
                    models.TextField(
                        blank=True,
                        help_text="One or two sentences under the title, also for search engines.",
                        max_length=400,
                        verbose_name="lead",
                    ),
                ),
                (
                    "body",
                    wagtail.fields.StreamField([], blank=True, verbose_name="body"),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pages",
                        to="community.topic",
                        verbose_name="topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "page of a topic",
                "verbose_name_plural": "pages of topics",
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "text",
                    i18nfield.fields.I18nCharField(
                        help_text="One sentence: what happens, when, and what to do.",
                        max_length=300,
                        verbose_name="text",
                    ),
                ),
                (
                    "tone",
                    models.CharField(
                        choices=[("info", "to know"), ("urgent", "urgent")],
                        default="info",
                        max_length=10,
                        verbose_name="tone",
                    ),
                ),
                (
                    "link_text",
                    i18nfield.fields.I18nCharField(
                        blank=True,
                        help_text="For example: What changes. Left empty, “Read more”.",
                        max_length=80,
                        verbose_name="words of the link",
                    ),
                ),
                (
                    "url",
                    models.URLField(
                        blank=True, max_length=500, verbose_name="or an address"
                    ),
                ),
                ("starts", models.DateTimeField(verbose_name="shown from")),
                (
                    "until",
                    models.DateTimeField(
                        blank=True,
                        help_text="Left empty, it stays until you turn it off.",
                        null=True,
                        verbose_name="shown until",
                    ),
                ),
                ("live", models.BooleanField(default=True, verbose_name="turned on")),
                (
                    "page",
                    models.ForeignKey(
                        blank=True,
                        help_text="In any language: readers are led to it in theirs.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.WAGTAIL_PAGE_MODEL,
                        verbose_name="page",
                    ),
                ),
            ],
            options={
                "verbose_name": "alert",
                "verbose_name_plural": "alerts",
                "ordering": ("-starts", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None),
                            ("until__gt", models.F("starts")),
                            _connector="OR",
                        ),
                        name="alert_ends_after_it_starts",
                        violation_error_message="It would end before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("page", None), ("url", ""), _connector="OR"
                        ),
                        name="alert_leads_one_way",
                        violation_error_message="Choose a page or write an address, not both.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ArticleAttachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "translation_key",
                    models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                (
                    "sort_order",
                    models.IntegerField(blank=True, editable=False, null=True),
                ),
                (
                    "title",
                    models.CharField(
                        blank=True,
                        help_text="Left empty, it is the title of the document.",
                        max_length=200,
                        verbose_name="title",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cms.customdocument",
                        verbose_name="document",
                    ),
                ),
                (
                    "locale",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtailcore.locale",
                        verbose_name="locale",
                    ),
                ),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="cms.articlepage",
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment",
                "verbose_name_plural": "attachments",
                "ordering": ["sort_order"],
                "abstract": False,
                "unique_together": {("translation_key", "locale")},
            },
        ),
        migrations.CreateModel(
            name="ArticleSignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "sort_order",
                    models.IntegerField(blank=True, editable=False, null=True),
                ),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signatures",
                        to="cms.articlepage",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="cms.author",
                        verbose_name="author",
                    ),
                ),
            ],
            options={
                "verbose_name": "author of an article",
                "verbose_name_plural": "authors of articles",
                "ordering": ["sort_order"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("page", "author"),
                        name="an_author_signs_an_article_once",
                        violation_error_message="The same author is there twice.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FooterLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "sort_order",
                    models.IntegerField(blank=True, editable=False, null=True),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("site", "column: the site"),
                            ("legal", "last line: legal"),
                            ("social", "with the contact: social networks"),
                        ],
                        default="site",
                        max_length=10,
                        verbose_name="where it stands",
                    ),
                ),
                (
                    "url",
                    models.URLField(
                        blank=True, max_length=500, verbose_name="or an address"
                    ),
                ),
                (
                    "title",
                    i18nfield.fields.I18nCharField(
                        blank=True,
                        help_text="A page has its title already; an address needs words.",
                        max_length=100,
                        verbose_name="words of the link",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        blank=True,
                        help_text="In any language: readers are led to it in theirs.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.WAGTAIL_PAGE_MODEL,
                        verbose_name="page",
                    ),
                ),
                (
                    "settings",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="cms.sitesettings",
                    ),
                ),
            ],
            options={
                "verbose_name": "link of the foot",
                "verbose_name_plural": "links of the foot",
                "ordering": ["sort_order"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("page__isnull", False), ("url", "")),
                            models.Q(
                                ("page__isnull", True),
                                models.Q(("url", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="footer_link_leads_one_way",
                        violation_error_message="Choose a page or write an address, not both.",
                    )
                ],
            },
        ),
    ]
