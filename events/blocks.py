"""What the body of an event can be made of."""

from wagtail import blocks
from wagtail.images.blocks import ImageBlock, ImageChooserBlock


class ProgrammeItemBlock(blocks.StructBlock):
    time = blocks.TimeBlock(required=False, help_text="As the clocks show it at the event.")
    title = blocks.CharBlock(max_length=200)
    text = blocks.TextBlock(required=False, max_length=1000, rows=2)
    speaker = blocks.CharBlock(
        required=False, max_length=200, help_text="Who speaks or leads. Several names, with commas."
    )

    class Meta:
        icon = "time"
        label = "Programme item"


class SpeakerBlock(blocks.StructBlock):
    name = blocks.CharBlock(max_length=120)
    role = blocks.CharBlock(required=False, max_length=120)
    organisation = blocks.CharBlock(required=False, max_length=200)
    about = blocks.TextBlock(required=False, max_length=600, rows=2)
    image = ImageChooserBlock(required=False, help_text="A portrait. It is shown as a small circle.")

    class Meta:
        icon = "user"
        label = "Speaker"


class EventBodyBlock(blocks.StreamBlock):
    heading = blocks.CharBlock(
        icon="title", max_length=200, form_classname="title", template="events/blocks/heading.html"
    )
    paragraph = blocks.RichTextBlock(
        features=["h3", "bold", "italic", "link", "ul", "ol", "document-link"],
        max_length=20_000,
        template="events/blocks/paragraph.html",
    )
    image = ImageBlock(template="events/blocks/image.html")
    quote = blocks.StructBlock(
        [
            ("text", blocks.TextBlock(max_length=1000, rows=3)),
            ("source", blocks.CharBlock(required=False, max_length=200, help_text="Who said it.")),
        ],
        icon="openquote",
        template="events/blocks/quote.html",
    )
    programme = blocks.ListBlock(
        ProgrammeItemBlock(), icon="list-ol", min_num=1, template="events/blocks/programme.html"
    )
    speakers = blocks.ListBlock(SpeakerBlock(), icon="group", min_num=1, template="events/blocks/speakers.html")
