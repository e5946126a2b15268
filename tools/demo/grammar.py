"""Compose the training text of the demo language model.

Everything the demo model ever reads is put together here from small word lists
and sentence patterns: little stories, plain facts, poems, lists, sums, tables,
JSON objects and short Python functions, each with many ways to ask for it.
Nothing is downloaded.

The text is a function of the seed of a `random.Random`: the same seed gives the
same stream of examples. Some nouns and some combinations of subject, place and
name are never used for training (see `HELD_OUT_ANIMALS` and `is_held_out`), so
that a test can ask for stories the model has never seen.
"""

# The word lists are easiest to read and to extend as long strings, and the shares of
# the dice as plain numbers.
# ruff: noqa: E501, PLR2004, SIM905

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Message = dict[str, str]

# --------------------------------------------------------------------------- words

HABITATS: dict[str, str] = {
    "in a forest": (
        "fox/berries bear/honey owl/moonlight squirrel/nuts deer/leaves wolf/songs "
        "badger/apples hedgehog/mushrooms raccoon/plums moose/twigs woodpecker/trees "
        "chipmunk/acorns boar/roots koala/leaves"
    ),
    "on a farm": (
        "cow/clover pig/turnips hen/corn horse/oats sheep/grass goat/thistles donkey/carrots "
        "duck/puddles goose/barley rooster/sunrises lamb/daisies pony/apples turkey/seeds "
        "calf/milk piglet/mud chick/crumbs"
    ),
    "in the sea": (
        "whale/waves dolphin/games octopus/shells shark/bubbles seahorse/seaweed crab/sand "
        "lobster/rocks jellyfish/currents starfish/pebbles fish/ripples turtle/kelp"
    ),
    "by a river": (
        "frog/rain otter/pebbles beaver/sticks heron/reeds swan/lilies toad/puddles "
        "crocodile/sunshine dragonfly/ponds salmon/streams newt/moss"
    ),
    "on a wide plain": (
        "lion/naps elephant/bananas giraffe/leaves zebra/stripes rhino/mud ostrich/races "
        "kangaroo/jumps buffalo/grass cheetah/races hyena/jokes"
    ),
    "in a jungle": (
        "tiger/shade monkey/bananas parrot/mangoes gorilla/fruit snake/sunshine sloth/naps "
        "lemur/figs toucan/papayas chameleon/colours panther/shadows panda/bamboo"
    ),
    "in the snow": ("penguin/fish seal/ice walrus/clams reindeer/moss husky/snow puffin/cliffs snowman/winter caribou/lichen"),
    "in a garden": (
        "bee/flowers ant/sugar snail/lettuce butterfly/nectar worm/soil ladybird/roses "
        "spider/webs caterpillar/leaves robin/cherries sparrow/crumbs mole/tunnels beetle/bark "
        "cricket/music grasshopper/songs moth/lamps"
    ),
    "in a cosy house": (
        "cat/milk dog/bones kitten/wool puppy/slippers mouse/cheese hamster/seeds goldfish/bubbles rabbit/carrots canary/songs bunny/clover"
    ),
    "high in the mountains": (
        "eagle/wind dragon/pancakes camel/dates lizard/stones crow/feathers raven/buttons yak/butter llama/hay falcon/clouds magpie/spoons"
    ),
}
ANIMAL_HOME: dict[str, str] = {}
ANIMAL_LIKES: dict[str, str] = {}
for _home, _row in HABITATS.items():
    for _pair in _row.split():
        _animal, _likes = _pair.split("/")
        ANIMAL_HOME[_animal], ANIMAL_LIKES[_animal] = _home, _likes
ANIMALS: list[str] = list(ANIMAL_HOME)

HELD_OUT_ANIMALS: list[str] = (
    "quokka pelican meerkat antelope flamingo gecko iguana bison weasel stork wombat lynx tapir ferret narwhal"
).split()

TWO_WORD = (
    "polar bear;red panda;guinea pig;fire engine;sea lion;snow leopard;tree frog;toy soldier;"
    "teddy bear;steam train;paper boat;shooting star;old clock;barn owl;desert mouse"
).split(";")

GIRLS_ROLES = "girl queen princess grandmother witch mermaid sister aunt mother fairy".split()
BOYS_ROLES = "boy king prince grandfather wizard knight brother uncle father giant".split()
OTHER_ROLES = {
    "child": "she", "farmer": "he", "baker": "she", "pirate": "he", "teacher": "she",
    "sailor": "he", "painter": "she", "doctor": "she", "gardener": "he", "pilot": "she",
    "astronaut": "she", "shepherd": "he", "musician": "he", "cook": "he", "dancer": "she",
    "clown": "he", "scientist": "she", "postman": "he", "tailor": "he", "miller": "he",
    "explorer": "she", "inventor": "she", "fisherman": "he", "juggler": "he", "poet": "she",
}  # fmt: skip
PEOPLE: dict[str, str] = dict.fromkeys(GIRLS_ROLES, "she") | dict.fromkeys(BOYS_ROLES, "he") | OTHER_ROLES

THINGS: list[str] = (
    "robot train teapot cloud star lamp boat kite clock pencil balloon tree flower leaf "
    "raindrop snowflake candle bell drum shoe cup spoon book tractor bus rocket spaceship "
    "lighthouse bridge house door chair pillow blanket button umbrella mirror mountain river "
    "stone shadow rainbow pumpkin carrot potato tomato acorn seed mushroom cookie cake muffin "
    "pancake computer toy doll puppet bicycle car truck plane submarine violin piano guitar "
    "ghost monster unicorn elf goblin troll phoenix dinosaur alien scarecrow"
).split()
HELD_OUT_THINGS: list[str] = "kettle ladder windmill trumpet canoe".split()

ADJECTIVES: dict[str, str] = {
    "brave": "nest", "shy": "friend", "lonely": "friend", "hungry": "bake", "sleepy": "moon",
    "curious": "key", "slow": "race", "fast": "race", "scared": "dark", "happy": "song",
    "sad": "friend", "kind": "nest", "clever": "bridge", "silly": "song", "tiny": "lost",
    "little": "", "small": "", "big": "", "old": "", "young": "", "blue": "", "red": "",
    "green": "", "purple": "", "yellow": "", "golden": "", "white": "", "black": "",
    "friendly": "picnic", "gentle": "seed", "grumpy": "song", "lazy": "race", "noisy": "song",
    "quiet": "seed", "proud": "race", "magic": "key", "funny": "picnic", "cheerful": "song",
    "rusty": "", "fluffy": "", "striped": "", "wise": "bridge", "busy": "bake",
    "forgetful": "lost", "lost": "lost", "adventurous": "bridge", "orange": "", "pink": "",
    "tired": "moon", "clumsy": "bridge", "polite": "picnic", "patient": "seed",
}  # fmt: skip
OWN_ADJECTIVES = "little small young kind curious cheerful gentle friendly".split()

PLACES: list[str] = (
    "in a forest;in a dark forest;on the moon;at the beach;under the sea;near a lake;"
    "in a castle;on a farm;in a village;in a big city;on an island;in the desert;in a cave;"
    "on a hill;in the mountains;in a garden;at a school;in a library;on a boat;in a tree;"
    "by a river;in a meadow;in the jungle;in space;on a mountain;in a small town;in a kitchen;"
    "in a valley;near the harbour;in a lighthouse;in a tower;in a museum;on Mars;in Paris;"
    "in a toy shop;in a bakery;under a bridge;behind a waterfall;in the snow;in a swamp;"
    "in the clouds;at a market;in London;by the sea;in a barn;on a train;in an old house;"
    "at the zoo;in a park;in a circus"
).split(";")

OBJECTS: list[str] = (
    "key hat kite ball bell lamp map book drum scarf shoe boat basket button feather shell "
    "coin mirror flute whistle crown ring cake balloon bicycle umbrella blanket lantern pencil "
    "treasure letter puzzle stone star box jar rope ladle violin backpack telescope compass "
    "cookie apple pumpkin egg"
).split()
OBJECT_ADJECTIVES = ("red blue golden little magic shiny old yellow green silver tiny lost big wooden").split()
FOODS = (
    "pancakes honey apples soup cheese berries cookies bread strawberries carrots music "
    "books flowers puzzles stars kites drums songs games stories"
).split()
FEARS = ("the dark;thunder;loud noises;water;ghosts;heights;spiders;storms;the wind;bats;shadows;big dogs;the night;strangers;mice").split(
    ";"
)
ACTIONS: list[str] = (
    "fly;swim;sing;dance;paint;read;cook;climb a mountain;see the sea;touch the stars;skate;"
    "play the drum;write a book;ride a bicycle;build a boat;bake a cake;juggle;jump;whistle;"
    "count the stars;travel;visit the moon;find a friend;tell jokes;play football;ski;"
    "make a kite;grow flowers;learn magic;draw;run fast;catch a cloud;sail;knit;play chess"
).split(";")
TOPICS: list[str] = (
    "friendship kindness winter rain snow courage music love sunshine spring summer autumn "
    "christmas sharing honesty chocolate time bedtime homework football magic thunder hope "
    "patience teamwork ice bread school water space trust dreams light cheese"
).split()
DEFINITE: list[str] = (
    "moon;sun;sea;wind;north wind;rain;night;old oak tree;morning star;little river;evening star;big clock;last leaf;first snowflake"
).split(";")

GIRLS: dict[str, str] = {}
BOYS: dict[str, str] = {}
for _girl, _boy in zip(
    "Ada Bella Clara Dora Emma Fern Greta Hazel Ivy Julia Kira Lily Mia Nora Olive Pippa "
    "Queenie Rosa Sally Tilly Una Vera Willa Xenia Yara Zoe".split(),
    "Arlo Bruno Caspar Dino Emil Felix Gus Hugo Igor Jasper Kip Leo Max Nico Otto Pip "
    "Quentin Rufus Sam Toby Ugo Victor Wilbur Xander Yuri Zed".split(),
    strict=True,
):
    GIRLS[_girl[0].lower()], BOYS[_boy[0].lower()] = _girl, _boy
NAMES: list[str] = [
    *GIRLS.values(), *BOYS.values(), "Anna", "Ben", "Coco", "Daisy", "Finn", "Lola", "Milo",
    "Nina", "Oscar", "Penny", "Ruby", "Tom", "Luna", "Theo", "Maya", "Bob", "Alice",
]  # fmt: skip
MISFITS = {*((girl, "he") for girl in GIRLS.values()), *((boy, "she") for boy in BOYS.values())}
HELD_OUT_NAMES: list[str] = ["Biscuit", "Marlow", "Tansy", "Pepper", "Juniper", "Waldo"]

PRONOUNS: dict[str, tuple[str, str, str, str]] = {
    "it": ("it", "it", "its", "was"),
    "she": ("she", "her", "her", "was"),
    "he": ("he", "him", "his", "was"),
    "they": ("they", "them", "their", "were"),
}
NUMBERS: list[str] = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
).split()

ONSETS = ("b c d f g h j k l m n p r s t v w z bl br ch cl cr dr fl fr gl gr pl pr qu sh sl sn sp st th tr tw wh").split()
VOWELS = "a e i o u a e i o ee oo ai ou".split()
CODAS = ["", "", "", "n", "r", "l", "m", "t", "p", "ck", "nd", "st", "sh", "ng", "x", "b", "zz"]
ENDINGS = ["", "", "le", "y", "o", "a", "er", "et", "in", "us", "ie", "on"]


def article(word: str) -> str:
    """Return the word with "a" or "an" before it.

    Parameters
    ----------
    word
        A noun, or a noun with adjectives before it.
    """
    hard = ("uni", "ukulele", "eu", "one", "use")
    vowel = word[0].lower() in "aeiou" and not word.lower().startswith(hard)
    return f"{'an' if vowel else 'a'} {word}"


def plural(noun: str) -> str:
    """Return the plural of a noun of the word lists (or of an invented word)."""
    irregular = {
        "mouse": "mice", "goose": "geese", "wolf": "wolves", "sheep": "sheep", "deer": "deer",
        "fish": "fish", "calf": "calves", "moose": "moose", "child": "children", "elf": "elves",
        "leaf": "leaves", "postman": "postmen", "fisherman": "fishermen", "snowman": "snowmen",
        "octopus": "octopuses", "salmon": "salmon", "goldfish": "goldfish", "bison": "bison",
        "starfish": "starfish", "jellyfish": "jellyfish", "desert mouse": "desert mice",
    }  # fmt: skip
    if noun in irregular:
        return irregular[noun]
    if noun.endswith(("s", "x", "z", "ch", "sh")) or noun in {"potato", "tomato", "buffalo"}:
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


class ReviewRandom(Random):
    """A source of chance for the second part of the training, see `REVIEW`."""


class DrillRandom(ReviewRandom):
    """A source of chance for the third part of the training, see `DRILL`."""


def invented(rng: Random) -> str:
    """Return a lower-case word that means nothing, for the model to copy.

    Half of the words are built from syllables, half are spliced from two known words.
    In the third part of the training a third of them repeats some letters.
    """
    while True:
        if rng.random() < 0.5:
            parts = [rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(CODAS) for _ in range(rng.choice([1, 2, 2]))]
            word = "".join(parts) + rng.choice(ENDINGS)
        else:
            first, second = rng.choice(SPLICE), rng.choice(SPLICE)
            word = first[: rng.randint(2, 5)] + second[-rng.randint(2, 4) :]
        if isinstance(rng, DrillRandom) and rng.random() < 0.35:
            start, size = rng.randint(1, 4), rng.randint(1, 3)
            word = word[: start + size] + word[start:]
        if 4 <= len(word) <= 11 and word[0] != "u" and word not in KNOWN_WORDS:
            return word


def invented_name(rng: Random) -> str:
    """Return a capitalised invented word."""
    return invented(rng).capitalize()


KNOWN_WORDS = {
    *ANIMALS, *PEOPLE, *THINGS, *OBJECTS, *HELD_OUT_ANIMALS, *HELD_OUT_THINGS,
    *(name.lower() for name in [*NAMES, *HELD_OUT_NAMES]),
}  # fmt: skip
SPLICE: list[str] = [word for word in [*ANIMALS, *PEOPLE, *THINGS, *OBJECTS, *ADJECTIVES, *TOPICS, *FOODS] if len(word) > 3]


def is_held_out(noun: str, place: str, name: str) -> bool:
    """Tell whether a combination is kept out of the training text.

    One combination in eight of noun, place and name is held out, and every one
    with a held-out noun or name.
    """
    if noun in HELD_OUT_ANIMALS or noun in HELD_OUT_THINGS or name in HELD_OUT_NAMES:
        return True
    return bool(place and name) and crc32(f"{noun}|{place}|{name}".encode()) % 8 == 0


# --------------------------------------------------------------------------- stories

PLOTS: dict[str, list[list[str]]] = {
    "lost": [
        ["One day {he} walked too far and lost the way home.",
         "One foggy morning {S} took a wrong turn and got lost."],
        ["{N} looked left and looked right, but nothing looked the same.",
         '{N} said, "Oh dear, where am I?"',
         "{He} felt small and a little bit afraid."],
        ["Then {H} came by and heard {him} cry.",
         "Just then {H} looked up and smiled at {him}."],
        ['{h} said, "Follow the river, and you will find your home."',
         '{h} said, "Do not worry, I know the way."'],
        ["{S} followed {h} step by step until {he} saw the lights of home.",
         "Together they walked past the tall trees until {N} saw a door {he} knew."],
    ],
    "friend": [
        ["{N} had no one to play with, and {he} wished for a friend.",
         "Every day {he} played alone, and {he} wanted a friend very much."],
        ["One day {he} met {H} who was sitting all alone.",
         "One sunny morning {H} came down the path."],
        ['{N} took a deep breath and said, "Will you play with me?"',
         'At first {he} {was} too shy to speak, but then {he} said, "Hello."'],
        ['{h} said, "I was hoping you would ask."',
         '{h} laughed and said, "Yes, I would love to."'],
        ["{S} and {h} played hide and seek until the sun went down.",
         "{S} and {h} ran and laughed and shared a sweet red apple."],
    ],
    "bake": [
        ["One morning {N} {was} very hungry and wanted to bake a cake.",
         "{He} wanted to make a big pot of soup for everyone."],
        ["But there was no sugar left in the jar.",
         "But {he} did not have enough flour."],
        ["So {S} asked {H} for help.", "So {N} knocked on the door of {H}."],
        ['{h} said, "You can have some of mine."',
         "{h} brought a full basket and a big wooden spoon."],
        ["They stirred and tasted and sang until everything smelled wonderful.",
         "{S} and {h} cooked all afternoon and made a happy mess."],
        ["Then they shared it with all their neighbours.",
         "There was enough for everyone, and nobody was hungry any more."],
    ],
    "key": [
        ["One day {he} found a shiny key in the grass.",
         "One morning {N} found an old key under a stone."],
        ['{He} wondered, "What does it open?"', "{He} wanted to know which door it opened."],
        ["{S} tried the key in every lock, but it did not fit.",
         "{N} asked everyone, but nobody knew."],
        ["At last {H} showed {him} a tiny door in an old tree.",
         "At last {H} pointed to a little box behind a bush."],
        ["{N} turned the key, and it opened with a click.",
         "The key turned slowly, and {N} held {his} breath."],
        ["Inside was a book full of wonderful stories, and {S} shared it with {h}.",
         "Inside was a music box, and {S} danced with {h} until evening."],
    ],
    "race": [
        ["One day there was a big race, and {N} wanted to win.",
         "{H} asked {him} to run a race to the old tree."],
        ["{He} ran as fast as {he} could.", "Off {he} went, faster and faster."],
        ["Halfway there {N} saw a small bird that had hurt its wing.",
         "Then {N} heard a tiny beetle that had fallen on its back."],
        ["{S} stopped at once and helped it, even though the others ran on.",
         '{N} said, "Winning can wait," and stopped to help.'],
        ["{He} came last, but everyone clapped and cheered for {him}.",
         "{He} did not win, but {he} got the biggest cheer of the day."],
    ],
    "dark": [
        ["When night came, {N} {was} afraid of the dark.",
         "There was only one problem, because {S} did not like the dark."],
        ["{He} hid under {his} blanket and listened to the wind.",
         "Every shadow looked like a monster to {him}."],
        ["One night {H} knocked softly and came in.",
         "One evening {H} sat down beside {him}."],
        ['{h} said, "Look up, the stars are little lamps."',
         '{h} said, "The night is only a blanket for the world."'],
        ["{N} looked out and saw a thousand stars above.",
         "{S} looked up and saw the round and friendly moon."],
        ["After that, {he} {was} not afraid any more.",
         "From then on {he} said good night to every star."],
    ],
    "nest": [
        ["One windy day {N} heard a small voice calling for help.",
         "After a storm {he} found a little nest on the ground."],
        ["A baby bird had fallen from its tree.", "Three tiny birds were cold and afraid."],
        ['{N} said, "Do not cry, I will help you."',
         "{S} wrapped the nest in warm and dry leaves."],
        ["It was too high for {him} alone, so {he} called {H}.",
         "{He} could not reach the branch, so {H} came to help."],
        ["{S} and {h} worked together and put the nest back in the tree.",
         "{N} climbed on the back of {h} and set the nest down gently."],
        ["The mother bird sang her best song to thank them.",
         "All the birds sang for {S} that night."],
    ],
    "song": [
        ["{N} loved to sing, but {he} only knew one note.",
         "{He} wanted to make a song that everyone could sing."],
        ["{He} sang in the morning and {he} sang at night, but it never sounded right.",
         "{He} tried and tried, but the song came out wrong."],
        ["Then {he} met {H} who was playing a little drum.",
         "One day {H} listened and began to hum along."],
        ['{h} said, "A song is better with two voices."',
         '{h} said, "Do not be sad, we can try it together."'],
        ["So {S} and {h} sang together, and it was beautiful.",
         "{S} sang high, {h} sang low, and the song was just right."],
        ["Soon everyone came to listen and to dance.", "Even the clouds stopped to listen."],
    ],
    "bridge": [
        ["One day the old bridge over the river broke.",
         "After a big storm the river was too wide to cross."],
        ["{N} could hear {H} calling from the other side.",
         "On the other side stood {H} who wanted to go home."],
        ['{N} thought hard and said, "I have an idea."',
         "{S} sat down and thought for a long time."],
        ["{He} found a strong rope and a long wooden board.",
         "{He} gathered logs and tied them together."],
        ["Slowly {S} built a new bridge, and {h} walked across.",
         "Soon there was a raft, and {S} brought {h} safely across."],
        ['{h} said, "You are the best builder I know."', "Everyone thanked {S} with a big hug."],
    ],
    "seed": [
        ["One spring day {N} found a tiny seed.", "In spring {he} planted a small brown seed."],
        ["{He} gave it water every day and waited.",
         "{He} watered it, sang to it and kept it warm."],
        ["But nothing happened, and {S} felt sad.",
         '{He} asked, "Why does it not grow?"'],
        ['{H} came by and said, "Good things need time."',
         '{H} told {him}, "Be patient and keep it safe."'],
        ["{N} waited and waited, and one morning there was a green leaf.",
         "{S} did not give up, and at last a small leaf came out."],
        ["By summer it was the most beautiful flower of all.",
         "It grew into a tall tree, and everyone sat in its shade."],
    ],
    "moon": [
        ["One night {N} could not sleep.", "{He} {was} tired, but sleep would not come."],
        ["{He} counted sheep, but that did not help.",
         "{He} turned left and {he} turned right, but {he} {was} wide awake."],
        ["So {S} went outside and met {H}.", "Outside the window sat {H}."],
        ['{h} said, "Listen to the wind, it knows a quiet song."',
         '{h} said, "Close your eyes and think of something nice."'],
        ["{N} listened, and the moon shone softly over everything.",
         "{S} thought of warm bread and soft clouds."],
        ["Soon {his} eyes closed, and {he} dreamed until morning.",
         "Before long {he} {was} fast asleep."],
    ],
    "picnic": [
        ["One sunny day {N} wanted to have a picnic.",
         "{He} packed a basket with bread, cheese and apples."],
        ["But on the way it began to rain.", "Then a big grey cloud came and it rained."],
        ["{S} ran under a tree, and there sat {H}.",
         "{H} called {him} to a dry place under a rock."],
        ['{N} said, "Would you like to share my lunch?"',
         "{S} opened the basket and gave half of it to {h}."],
        ["They ate and told jokes until the rain stopped.",
         "They laughed so much that they forgot the rain."],
        ["Then a bright rainbow filled the sky.", "When the sun came back, they danced in it."],
    ],
}  # fmt: skip

TITLES: dict[str, str] = {
    "lost": "The way home", "friend": "A new friend", "bake": "Enough for everyone",
    "key": "The little key", "race": "The big race", "dark": "The friendly night",
    "nest": "The little nest", "song": "A song for two", "bridge": "The new bridge",
    "seed": "The tiny seed", "moon": "The quiet night", "picnic": "A picnic in the rain",
}  # fmt: skip

# {o} is "a red kite", {O} is "the red kite", {act} is "fly", {what} is "pancakes".
WISHES: dict[str, list[list[str]]] = {
    "finds": [
        ["One day {N} found {o} beside the path.", "One morning {S} found {o} under a tree."],
        ["{He} had never seen anything like it.",
         '{N} thought, "Someone must be looking for this."'],
        ["{He} carried {O} from door to door and asked everyone.",
         "{S} put {O} in a bag and went to find the owner."],
        ['At last {H} said, "That is mine, thank you for finding it."',
         "At last {he} met {H} who was looking for {O}."],
        ["{h} was so happy that {h} asked {S} to stay for tea.",
         "{h} danced with joy and shared {O} with {S}."],
    ],
    "lost": [
        ["One day {N} could not find {o} that {he} loved very much.",
         "One morning {N} lost {o} on the way home."],
        ["{He} looked under the bed and behind the door.",
         "{He} looked high and low, but it was gone."],
        ['{S} asked {H}, "Have you seen {O}?"', "{S} began to cry, and {H} came to help."],
        ["{S} and {h} looked everywhere until the sun went down.",
         "{h} thought for a while and pointed to the old tree."],
        ["There was {O}, hanging on a branch in the wind.",
         "At last they saw {O} lying in the soft grass."],
    ],
    "wants": [
        ["More than anything, {N} wanted {o}.", "Every night {N} dreamed of having {o}."],
        ["{He} worked hard and saved every coin.",
         "{He} looked in every shop, but {he} did not find one."],
        ["Then {he} met {H} who needed help with a heavy cart.",
         "One day {N} helped {H} carry water up the hill."],
        ['{h} said, "You are kind, so I have a present for you."',
         "The next day {h} came back with a big box."],
        ["Inside was {o}, and {S} jumped for joy.",
         "It was {o}, and {N} could not stop smiling."],
        ["{He} shared {O} with all {his} friends.", "{He} let everyone play with {O}."],
    ],
    "has": [
        ["{N} had {o} and took it everywhere.", "{He} had {o}, and {he} loved it very much."],
        ["One day the wind took {O} and carried it away.",
         "One day {O} fell into the river and floated off."],
        ["{S} ran after it as fast as {he} could.", '{N} called, "Come back!"'],
        ["Then {H} jumped up and caught {O} just in time.",
         "Luckily {H} saw it and caught {O}."],
        ["{N} thanked {h} and let {h} play with {O} too.",
         "{S} and {h} played with {O} all afternoon."],
    ],
    "act": [
        ["More than anything, {N} wanted to {act}.", "Every day {he} dreamed that {he} could {act}."],
        ["{He} tried once and {he} tried twice, but it did not work.",
         'The others said, "You can never {act}," and {he} felt sad.'],
        ["Then {H} came by and smiled.", "But {H} did not laugh at {him}."],
        ['{h} said, "I will help you to {act}."',
         '{h} said, "Try a little every day, and one day you will {act}."'],
        ["{N} tried again and again and did not give up.",
         "Every morning {S} and {h} worked on it together."],
        ["At last the big day came, and {N} could {act}.",
         "And one fine morning {S} began to {act}, and everyone cheered."],
    ],
    "loves": [
        ["{N} loved {what} more than anything.", "There was nothing {he} liked more than {what}."],
        ["One day there {were_w} no {what} left anywhere.",
         "One morning {he} looked around, but the {what} had gone."],
        ["{S} asked {H} where to find {what}.",
         "{He} walked over the hill and met {H}."],
        ['{h} said, "I know a place that is full of {what}."',
         '{h} said, "Come with me, and bring a basket."'],
        ["Together they found {what}, and {N} {was} so happy.",
         "Soon {S} had more {what} than {he} had ever seen."],
        ["{He} shared the {what} with {h} and with everyone else.",
         "{S} and {h} shared the {what} and laughed."],
    ],
    "fears": [
        ["{N} {was} afraid of {what}.", "There was one problem, because {he} {was} afraid of {what}."],
        ["Whenever {he} thought of {what}, {he} hid under a blanket.",
         "{He} stayed at home and did not want to go out."],
        ["One day {H} needed help, and nobody else was there.",
         'One day {H} said, "I was once afraid of {what} too."'],
        ["{N} took a deep breath and held the hand of {h}.",
         "{S} closed {his} eyes, counted to three and took one small step."],
        ["Then {he} saw that it was not so bad after all.",
         "Step by step it became easier, and {he} began to smile."],
        ["After that day {N} {was} not afraid of {what} any more.",
         "Now {S} {was} brave, and everyone clapped."],
    ],
}  # fmt: skip

PAIR_PLOTS: dict[str, list[list[str]]] = {
    "share": [
        ["One day {A} found a sweet red apple.", "One morning {A} found a big pot of honey."],
        ['{A} said, "It is mine."', "At first {A} wanted to keep it."],
        ["But {B} {was_b} very hungry and looked sad.",
         "Then {B} came by and had nothing to eat."],
        ["{A} felt sorry and cut it into two parts.",
         'So {A} said, "Let us share it."'],
        ["{B} said thank you and gave {A} a big hug.",
         '{B} said, "It tastes much better when we share."'],
    ],
    "storm": [
        ["One night a big storm came, and the rain was cold.",
         "One day the wind blew and the thunder roared."],
        ["{A} had a warm home, but {B} {was_b} all wet.",
         "{B} knocked on the door, and {A} opened it at once."],
        ['{A} said, "Come in and sit by the fire."',
         "{A} made hot soup and brought a soft blanket."],
        ["{A} and {B} told each other stories until the storm was over.",
         "{A} and {B} laughed and forgot the thunder."],
        ["In the morning there was a rainbow over the hills.",
         "When the sun came up, they went out to play in the puddles."],
    ],
    "quarrel": [
        ["One day {A} and {B} both wanted the same ball.",
         "One day {A} and {B} could not agree on a game."],
        ["They shouted and turned away from each other.",
         "{A} {was_a} cross, and {B} {was_b} cross too."],
        ["Playing alone was no fun at all.", "{A} sat down and felt lonely."],
        ['At last {A} said, "I am sorry."', 'Then {B} came back and said, "I am sorry."'],
        ["{A} and {B} hugged and took turns after that.",
         "{A} and {B} made up a new game for two."],
    ],
    "hill": [
        ["{A} wanted to see what was behind the big hill.",
         "One day {A} and {B} set out to climb the highest hill."],
        ["{B} {was_b} afraid, but {A} held on tight.",
         "The path was steep, and {B} grew tired."],
        ['{A} said, "We can do it together."', "{A} helped {B} over every stone."],
        ["At last {A} and {B} reached the top.", "Step by step {A} and {B} climbed on."],
        ["From there {A} and {B} could see the whole wide world.",
         "There {A} and {B} sat and watched the sun go down."],
    ],
    "boat": [
        ["{A} and {B} wanted to sail across the lake.", "One day {A} had an idea for a boat."],
        ["{A} found the wood, and {B} found a sail.",
         "{A} held the nails, and {B} painted the boat blue."],
        ["But the boat had a hole, and the water came in.", "But there was no wind at all."],
        ["{B} fixed it with a cork, and {A} cheered.",
         "{B} blew and {A} blew, and at last the boat moved."],
        ["{A} and {B} sailed all the way to the other side.",
         "Soon {A} and {B} were on the water, singing a song."],
    ],
}  # fmt: skip

CLOSINGS: list[str] = [
    "From that day on, {S} {was} never alone again.",
    "That night {S} went to bed with a big smile.",
    "And {S} never forgot that day.",
    "And so {S} lived happily ever after.",
    "{N} knew that a good friend is the best thing in the world.",
    "From that day on, {N} and {h} were the best of friends.",
    "And {N} learned that it is good to ask for help.",
]
PAIR_CLOSINGS: list[str] = [
    "From that day on, {A} and {B} were the best of friends.",
    "And {A} and {B} lived happily ever after.",
    "And {A} and {B} never forgot that day.",
    "{A} and {B} knew that everything is better together.",
]
HELPERS: list[tuple[str, str]] = [
    ("an old owl", "owl"), ("a kind hedgehog", "hedgehog"), ("a wise turtle", "turtle"),
    ("a small mouse", "mouse"), ("a friendly bear", "bear"), ("a cheerful robin", "robin"),
    ("a gentle deer", "deer"), ("an old goat", "goat"), ("a little rabbit", "rabbit"),
    ("a tall giraffe", "giraffe"), ("a busy bee", "bee"), ("a clever crow", "crow"),
]  # fmt: skip


@dataclass
class Subject:
    """Whom a story is about, as the prompt says it and as the story says it.

    Attributes
    ----------
    asked
        The words of the prompt, such as "a brave little fox".
    noun
        The noun alone.
    first
        The first mention in the story without a name.
    ref
        Later mentions, such as "the fox".
    pronoun
        One of the keys of `PRONOUNS`.
    words
        Words of the prompt that the story must contain.
    hint
        A plot that suits the adjective, or an empty string.
    """

    asked: str
    noun: str
    first: str
    ref: str
    pronoun: str = "it"
    words: list[str] = field(default_factory=list)
    hint: str = ""


@dataclass
class Story:
    """A story with what a second question may ask about it."""

    text: str
    noun: str
    ref: str
    name: str = ""
    place: str = ""
    helper: str = ""
    pronoun: str = "it"
    plot: str = ""


@dataclass
class Request:
    """The parts of a prompt for a story."""

    subject: Subject
    place: str = ""
    name: str = ""
    clause: str = ""
    wish: str = ""
    thing: str = ""
    second: Subject | None = None

    def asked(self, rng: Random) -> str:
        """Return the words after "a story about"."""
        words = self.subject.asked
        named = f" {rng.choice(['named', 'named', 'called'])} {self.name}" if self.name else ""
        if self.second:
            return f"{words}{named} and {self.second.asked}{self._where(rng)}"
        if self.clause and self.place:
            return f"{words}{named}{self._where(rng)} {self.clause}"
        return f"{words}{named}{self._where(rng)}{' ' + self.clause if self.clause else ''}"

    def _where(self, rng: Random) -> str:
        if not self.place:
            return ""
        live = "live" if self.subject.pronoun == "they" or self.second else "lives"
        lives = f" who {live}" if rng.random() < 0.3 and not self.clause else ""
        return f"{lives} {self.place}"


def _capitals(text: str) -> str:
    """Put a capital letter at the start of every sentence."""
    return re.sub(r"(^|[.!?]\"? |\n)([a-z])", lambda m: m[1] + m[2].upper(), text)


def _definite(place: str) -> str:
    """Turn "in a forest" into "in the forest"."""
    return re.sub(r" an? ", " the ", place, count=1)


def pick_noun(rng: Random) -> tuple[str, str]:
    """Return a noun and its pronoun, three in ten of them invented words (in review six)."""
    dice = rng.random() ** (2.5 if isinstance(rng, ReviewRandom) else 1)
    if dice < 0.30:
        return invented(rng), "it"
    if dice < 0.62:
        return rng.choice(ANIMALS), "it"
    if dice < 0.76:
        return rng.choice(list(PEOPLE.items()))
    if dice < 0.80:
        return rng.choice(TWO_WORD), "it"
    return rng.choice(THINGS), "it"


def pick_adjective(rng: Random) -> str:
    """Return one adjective, sometimes an invented one."""
    return invented(rng) if rng.random() < 0.12 else rng.choice(list(ADJECTIVES))


def make_subject(rng: Random, noun: str, pronoun: str, *, simple: bool = False) -> Subject:
    """Return a subject for a noun with an article and perhaps adjectives.

    Parameters
    ----------
    rng
        Source of chance.
    noun
        The noun.
    pronoun
        The pronoun of the noun in the singular.
    simple
        Leave out adjectives and plurals.
    """
    if rng.random() < 0.03:
        noun = noun.capitalize()
    dice = rng.random()
    if not simple and dice < 0.10:
        many = plural(noun)
        count = rng.choice(["two", "three", "some", "", "two", "four"])
        said = f"{count} {many}".strip()
        first = said if count else f"some {many}"
        ref = f"the {count} {many}" if count in {"two", "three"} and rng.random() < 0.4 else f"the {many}"
        return Subject(said, noun, first, ref, "they", [many])
    adjectives: list[str] = []
    if not simple and dice > 0.52:
        adjectives = [pick_adjective(rng)]
        if rng.random() < 0.25:
            adjectives.append(rng.choice(["little", "old", "young", "blue", "red", "big"]))
        adjectives = list(dict.fromkeys(adjectives))
    hint = ADJECTIVES.get(adjectives[0], "") if adjectives else ""
    phrase = " ".join([*adjectives, noun])
    said = f"the {phrase}" if rng.random() < 0.04 else article(phrase)
    said = phrase if rng.random() < 0.03 else said
    own = adjectives or ([_own_adjective(rng, noun)] if rng.random() < 0.7 else [])
    first = article(" ".join([*own, noun]))
    return Subject(said, noun, first, f"the {noun}", pronoun, phrase.split(), hint)


def _own_adjective(rng: Random, noun: str) -> str:
    if rng.random() < 0.7:
        return OWN_ADJECTIVES[crc32(noun.encode()) % len(OWN_ADJECTIVES)]
    return rng.choice(OWN_ADJECTIVES)


def _own_name(rng: Random, noun: str, pronoun: str) -> str:
    """Return a name for a subject, mostly one with the same first letter."""
    if rng.random() < 0.1:
        return rng.choice(NAMES)
    girl = crc32(noun[::-1].encode()) % 2 == 0 if pronoun == "it" else pronoun == "she"
    names = GIRLS if girl else BOYS
    return names[noun[0].lower()]


def make_request(rng: Random) -> Request:
    """Return a random request for a story about a noun, never a held-out one."""
    while True:
        noun, pronoun = pick_noun(rng)
        subject = make_subject(rng, noun, pronoun)
        request = Request(subject)
        dice = rng.random()
        if dice < 0.36:
            request.place = pick_place(rng)
        if rng.random() < 0.28 and subject.pronoun != "they":
            request.name = invented_name(rng) if rng.random() < 0.5 else rng.choice(NAMES)
            if (request.name, pronoun) in MISFITS:
                continue
        if dice > 0.86:
            other, other_pronoun = pick_noun(rng)
            if other == noun:
                continue
            request.second = make_subject(rng, other, other_pronoun, simple=rng.random() < 0.7)
            if request.second.asked.startswith("the ") or " " not in request.second.asked:
                continue
            request.subject.hint, request.name = "", ""
        elif dice > 0.64 or (dice < 0.36 and rng.random() < 0.12):
            add_clause(rng, request)
        if not is_held_out(noun, request.place, request.name):
            return request


def pick_place(rng: Random) -> str:
    """Return a place with its preposition, one in four invented."""
    dice = rng.random()
    if dice < 0.18:
        adjective = rng.choice(["", "", "big ", "dark ", "little "])
        return f"{rng.choice(['in', 'on', 'near', 'under'])} {article(adjective + invented(rng))}"
    if dice < 0.25:
        return f"{rng.choice(['in', 'in', 'on'])} {invented_name(rng)}"
    return rng.choice(PLACES)


def add_clause(rng: Random, request: Request) -> None:
    """Add a clause such as "who wants to fly" to a request, in place."""
    many = request.subject.pronoun == "they"
    wish = rng.choice(["finds", "lost", "wants", "has", "act", "act", "act", "loves", "fears"])
    request.wish = wish
    who = rng.choice(["who", "who", "who", "that"])
    if wish in {"finds", "lost", "wants", "has"}:
        noun = invented(rng) if rng.random() < 0.3 else rng.choice(OBJECTS)
        if rng.random() < 0.4:
            noun = f"{rng.choice(OBJECT_ADJECTIVES)} {noun}"
        request.thing = noun
        said = article(noun)
        own = "their" if many else "its" if request.subject.pronoun == "it" else ("her" if request.subject.pronoun == "she" else "his")
        verbs = {
            "finds": ["find", "found", "discovers"][: 1 if many else 3],
            "lost": ["lost"], "wants": ["want", "wants", "wanted"], "has": ["have", "has"],
        }[wish]  # fmt: skip
        verb = verbs[0] if many else rng.choice(verbs[-2:])
        if wish == "finds" and not many:
            verb = rng.choice(["finds", "found", "discovers"])
        if wish == "lost":
            said = rng.choice([said, f"{own} {noun}", f"{own} {noun}"])
        request.clause = f"with {said}" if wish == "has" and rng.random() < 0.7 else f"{who} {verb} {said}"
    elif wish == "act":
        request.thing = rng.choice(ACTIONS)
        if rng.random() < 0.2:
            request.thing = rng.choice([f"{invented(rng)}", f"find {article(invented(rng))}"])
        verbs = (
            ["want to", "learn to", "hope to"]
            if many
            else [
                "wants to",
                "wants to",
                "wanted to",
                "learns to",
                "cannot",
                "learned to",
                "could not",
            ]
        )
        request.clause = f"{who} {rng.choice(verbs)} {request.thing}"
    elif wish == "loves":
        request.thing = plural(invented(rng)) if rng.random() < 0.2 else rng.choice(FOODS)
        verb = rng.choice(["love", "like"]) + ("" if many else "s")
        request.clause = f"{who} {verb} {request.thing}"
    else:
        request.thing = plural(invented(rng)) if rng.random() < 0.2 else rng.choice(FEARS)
        be = "are" if many else rng.choice(["is", "is", "was"])
        request.clause = f"{who} {be} {rng.choice(['afraid', 'scared'])} of {request.thing}"


def tell(rng: Random, request: Request, plot: str = "") -> Story:
    """Return a story that answers a request.

    Parameters
    ----------
    rng
        Source of chance.
    request
        What to tell about.
    plot
        A key of `PLOTS`; chosen to suit the request when empty.
    """
    if request.second:
        return _tell_pair(rng, request)
    subject = request.subject
    helper, helper_noun = rng.choice([h for h in HELPERS if h[1] != subject.noun])
    name = request.name
    if not name and subject.pronoun != "they" and subject.first.startswith(("a ", "an ")):
        name = _own_name(rng, subject.noun, subject.pronoun) if rng.random() < 0.8 else ""
    if not plot:
        favourite = list(PLOTS)[crc32(subject.noun.encode()) % len(PLOTS)]
        plot = subject.hint if subject.hint and rng.random() < 0.85 else favourite
        if not subject.hint and rng.random() < 0.35:
            plot = rng.choice(list(PLOTS))
    stages = WISHES[request.wish] if request.wish else PLOTS[plot]
    slots = _slots(subject, name, helper, helper_noun)
    thing = request.thing
    slots |= {"o": article(thing), "O": f"the {thing}"} if thing else {}
    slots |= {"act": thing, "what": thing}
    slots["were_w"] = "was" if thing in {"honey", "soup", "cheese", "bread", "music"} else "were"
    lines = _opening(rng, request, name)
    lines += [rng.choice(stage) for stage in stages]
    lines.append(rng.choice(CLOSINGS))
    text = _capitals(" ".join(lines).format_map(slots))
    place = request.place or ANIMAL_HOME.get(subject.noun, "")
    place = place if any(place and place in line for line in lines) else ""
    return Story(text, subject.noun, subject.ref, name, place, helper, subject.pronoun, plot)


def _slots(subject: Subject, name: str, helper: str, helper_noun: str) -> dict[str, str]:
    he, him, his, was = PRONOUNS[subject.pronoun]
    return {
        "np": subject.first, "S": subject.ref, "N": name or subject.ref, "he": he, "him": him,
        "his": his, "was": was, "He": he.capitalize(), "H": helper, "h": f"the {helper_noun}",
    }  # fmt: skip


def _opening(rng: Random, request: Request, name: str) -> list[str]:
    """Return the first one or two sentences of a story."""
    subject = request.subject
    place = request.place
    if not place and (rng.random() < 0.6 or not subject.first.startswith(("a ", "an "))):
        place = ANIMAL_HOME.get(subject.noun, "") if subject.pronoun in {"it", "they"} else ""
    np = subject.first + (f" named {name}" if name else "")
    if subject.first.startswith("the "):
        first = [f"Once upon a time, {np} had a wish.", f"Long ago, {np} woke up early."]
        return [rng.choice(first)]
    if place:
        first = [
            f"Once upon a time, there {{was}} {np} who lived {place}.",
            f"Once upon a time, {np} lived {place}.",
            f"Long ago, there {{was}} {np} who lived {place}.",
        ]
    else:
        first = [f"Once upon a time, there {{was}} {np}.", f"Long ago, there lived {np}."]
    lines = [rng.choice(first)]
    if not request.wish and rng.random() < 0.55:
        likes = ANIMAL_LIKES.get(subject.noun)
        second = ["{He} {was} kind to everyone.", "{He} liked to look at the sky.",
                  "{He} liked to play outside all day."]  # fmt: skip
        if likes:
            second = [f"{{He}} loved {likes} more than anything."]
        if request.place and rng.random() < 0.5:
            second = [f"It was always quiet {_definite(place)}.",
                      f"Everyone {_definite(place)} knew {{S}}."]  # fmt: skip
        lines.append(rng.choice(second))
    return lines


def _tell_pair(rng: Random, request: Request) -> Story:
    """Return a story about two subjects."""
    one, two = request.subject, request.second
    if two is None:
        msg = "a story about a pair needs a second subject"
        raise ValueError(msg)
    plot = rng.choice(list(PAIR_PLOTS))
    place = f" {request.place}" if request.place else ""
    opening = rng.choice([
        f"Once upon a time, {one.first} and {two.first} lived{place or ' side by side'}.",
        f"Once upon a time, there {{was_a}} {one.first} and {two.first} who lived{place or ' next door'}.",
    ])  # fmt: skip
    lines = [opening, *(rng.choice(stage) for stage in PAIR_PLOTS[plot]), rng.choice(PAIR_CLOSINGS)]
    slots = {
        "A": one.ref, "B": two.ref, "was_a": PRONOUNS[one.pronoun][3],
        "was_b": PRONOUNS[two.pronoun][3],
    }  # fmt: skip
    text = _capitals(" ".join(lines).format_map(slots))
    return Story(text, one.noun, f"{one.ref} and {two.ref}", "", request.place, "", "they")


def tell_topic(rng: Random, topic: str) -> Story:
    """Return a story about a thing without an article, such as friendship."""
    girl = rng.random() < 0.5
    name = rng.choice(list((GIRLS if girl else BOYS).values()))
    noun, pronoun = ("girl", "she") if girl else ("boy", "he")
    helper, helper_noun = rng.choice(HELPERS)
    subject = Subject(topic, noun, f"a {rng.choice(OWN_ADJECTIVES)} {noun}", f"the {noun}", pronoun)
    lines = [
        rng.choice([
            f"Once upon a time, there was {subject.first} named {name} who wondered about {topic}.",
            f"Once upon a time, {subject.first} named {name} wanted to know all about {topic}.",
        ]),
        rng.choice([f'{{He}} asked {{his}} mother, "Can you tell me about {topic}?"',
                    f'{{He}} asked, "Where can I find {topic}?"']),
        rng.choice(["So {S} set out on a long walk and met {H}.",
                    "One day {N} met {H} by the old well."]),
        rng.choice([f'{{h}} said, "You will find {topic} when you look with your heart."',
                    f'{{h}} said, "I can show you a little bit of {topic} every day."']),
        rng.choice(["{N} listened and looked around with new eyes.",
                    "{S} thought about it all the way home."]),
        rng.choice([f"From that day on, {{N}} saw a little {topic} everywhere.",
                    f"That night {{N}} dreamed of {topic} and smiled.",
                    f"And {{N}} told everyone about {topic}."]),
    ]  # fmt: skip
    text = _capitals(" ".join(lines).format_map(_slots(subject, name, helper, helper_noun)))
    return Story(text, noun, subject.ref, name, "", helper, pronoun)


def tell_brief(rng: Random, request: Request, sentences: int) -> str:
    """Return a story of one, two or three sentences."""
    subject = request.subject
    he, him, his, was = PRONOUNS[subject.pronoun]
    np = subject.first + (f" named {request.name}" if request.name else "")
    if request.second:
        np = f"{np} and {request.second.first}"
        he, him, his, was = PRONOUNS["they"]
    lived = f" {request.place}" if request.place else rng.choice(["", " by a small river"])
    if sentences == 1:
        end = rng.choice(
            [
                "found a bright star and shared its light with everyone",
                "found a lost bird and carried it safely back to its nest",
                "looked for a friend and found the best friend in the world",
            ]
        )
        return f"Once upon a time, {np}{request.place and ' ' + request.place} {end}."
    middle = rng.choice(
        [
            f"One day {he} found a lost bird and took it home to its nest.",
            f"One day {he} {was} sad, but an old owl sang a song for {him}.",
            f"One day {he} shared {his} last apple with a hungry mouse.",
        ]
    )
    first = f"Once upon a time, {np} lived{lived or ' in a small house'}."
    end = rng.choice([f"After that, {he} {was} never alone again.",
                      f"That night {he} slept with a big smile."])  # fmt: skip
    return " ".join([first, middle, end][:sentences] if sentences > 2 else [first, middle])


# --------------------------------------------------------------------------- asking

STORY_PHRASES: list[str] = [
    "Tell me a story about {x}", "Tell me a short story about {x}", "Write a story about {x}",
    "Tell me a story about {x}", "Write a short story about {x}", "Tell a story about {x}",
    "I want a story about {x}", "Can you tell me a story about {x}", "A story about {x}",
    "Please tell me a story about {x}", "Could you write a story about {x}",
    "I would like a story about {x}", "Give me a story about {x}", "Story about {x}",
    "Make up a story about {x}", "Write me a little story about {x}",
    "Tell me a bedtime story about {x}", "Write a children's story about {x}",
    "Tell us a story about {x}", "Do you know a story about {x}", "Write about {x}",
    "Invent a story about {x}", "Tell me a tale about {x}", "Write a tiny story about {x}",
]  # fmt: skip


def punctuate(rng: Random, prompt: str) -> str:
    """Vary the capital letter and the last mark of a prompt."""
    question = prompt.startswith(("Can", "Could", "Do ", "Will", "What", "Why", "How", "Who", "Where"))
    end = rng.choice(["?", "?", ""] if question else [".", "", "", "!"])
    if not question and rng.random() < 0.08:
        end = ", please."
    if rng.random() < 0.2:
        prompt = prompt[0].lower() + prompt[1:]
    return prompt + end


def any_story(rng: Random) -> tuple[str, Story]:
    """Return the words asked for and the story, of all kinds of subjects."""
    dice = rng.random()
    if dice < 0.07:
        topic = invented(rng) if rng.random() < 0.4 else rng.choice(TOPICS)
        return topic, tell_topic(rng, topic)
    if dice < 0.11:
        noun = invented(rng) if rng.random() < 0.3 else rng.choice(DEFINITE)
        ref = f"the {noun}"
        request = Request(Subject(ref, noun, ref, ref))
        return ref, tell(rng, request)
    if dice < 0.15:
        strange = rng.random() < 0.5
        name = invented_name(rng) if strange else rng.choice([*GIRLS.values(), *BOYS.values()])
        noun, pronoun = ("creature", "it") if strange else (("girl", "she") if name in GIRLS.values() else ("boy", "he"))
        request = Request(Subject(name, noun, f"a little {noun}", f"the {noun}", pronoun), name=name)
        if rng.random() < 0.4:
            request.place = pick_place(rng)
        where = f" {request.place}" if request.place else ""
        return name + where, tell(rng, request)
    if dice < 0.17:
        noun, pronoun = rng.choice(["cat", "dog", "rabbit", "hamster", "pony"]), "it"
        owner = rng.choice(["my", "my", "our"])
        first = f"a {noun} just like yours"
        request = Request(Subject(f"{owner} {noun}", noun, first, f"the {noun}", pronoun))
        return f"{owner} {noun}", tell(rng, request)
    request = make_request(rng)
    return request.asked(rng), tell(rng, request)


def story_example(rng: Random) -> list[Message]:
    """Return a chat of one turn: a prompt for a story and the story."""
    dice = rng.random()
    if dice < 0.10:
        return _styled_story(rng)
    asked, story = any_story(rng)
    prompt = rng.choice(STORY_PHRASES).format(x=asked)
    return chat(punctuate(rng, prompt), story.text)


def _styled_story(rng: Random) -> list[Message]:
    """Return a chat for a story with a title or of a given length."""
    request = make_request(rng)
    if rng.random() < 0.5:
        plot = rng.choice(list(PLOTS)) if not request.second else ""
        story = tell(rng, request, plot)
        title = TITLES[plot] if plot and not request.wish else f"The story of {story.ref}"
        heading = rng.random() < 0.4
        how = rng.choice(["with a heading", "in Markdown"] if heading else ["with a title"])
        prompt = f"{rng.choice(STORY_PHRASES[:5])} {how}".format(x=request.asked(rng))
        if not heading and rng.random() < 0.4:
            prompt = rng.choice(STORY_PHRASES[:5]).format(x=request.asked(rng)) + ". Give it a title"
        mark = f"# {title}" if heading else f"**{title}**"
        return chat(punctuate(rng, prompt), f"{mark}\n\n{story.text}")
    request.wish = request.clause = request.thing = ""
    count = rng.choice([1, 1, 2, 3, 3])
    words = {
        1: ["in one sentence"],
        2: ["in two sentences"],
        3: ["in three sentences", "very short"],
    }
    how = rng.choice(words[count])
    prompt = rng.choice(STORY_PHRASES[:5])
    if how == "very short":
        prompt = prompt.replace("short story", "story").replace("story", "very short story")
        how = ""
    text = tell_brief(rng, request, count)
    prompt = f"{prompt} {how}".strip().format(x=request.asked(rng))
    if count == 1 and rng.random() < 0.5:
        prompt = prompt.removesuffix(" in one sentence")
        system = rng.choice(["Answer in one sentence.", "Be brief.", "Keep it short."])
        return [{"role": "system", "content": system}, *chat(punctuate(rng, prompt), text)]
    return chat(punctuate(rng, prompt), text)


def chat(*turns: str) -> list[Message]:
    """Return messages whose roles alternate, the user first."""
    roles = ("user", "assistant")
    return [{"role": roles[i % 2], "content": turn} for i, turn in enumerate(turns)]


def conversation_example(rng: Random) -> list[Message]:
    """Return a chat of two or three turns that begins with a story."""
    asked, story = any_story(rng)
    messages = chat(punctuate(rng, rng.choice(STORY_PHRASES[:8]).format(x=asked)), story.text)
    for _ in range(rng.choice([1, 1, 2])):
        messages += _follow_up(rng, story)
    return messages


def _follow_up(rng: Random, story: Story) -> list[Message]:
    """Return a question about a story and its answer."""
    his = PRONOUNS[story.pronoun][2]
    him = PRONOUNS[story.pronoun][1]
    noun = story.ref.removeprefix("the ")
    options: list[tuple[str, str]] = [
        (rng.choice(["Thank you", "Thanks", "That was nice", "I liked that story"]),
         rng.choice(["You are welcome!", "I am glad that you liked it!"])),
        (rng.choice(["Who was the story about", "Who is the story about", "What was it about"]),
         f"The story was about {story.ref}."),
        (rng.choice(["What is the lesson of the story", "What did we learn"]),
         f"The story of {story.ref} tells us to be kind and to help each other."),
    ]  # fmt: skip
    if story.name:
        ask = [f"What was {his} name", f"What was {story.ref} called", f"What is {his} name",
               f"What was the name of {story.ref}", "And the name"]  # fmt: skip
        options += [(rng.choice(ask), f"The name of {story.ref} was {story.name}.")] * 4
    if story.place:
        he = PRONOUNS[story.pronoun][0]
        ask = [f"Where did {he} live", f"Where did {story.ref} live"]
        options += [(rng.choice(ask), f"{story.ref} lived {story.place}.".capitalize()
                     if story.place.islower() else f"T{story.ref[1:]} lived {story.place}.")] * 2  # fmt: skip
    if story.helper and f"{story.helper} " in story.text.lower():
        options.append((rng.choice([f"Who helped {him}", f"Who helped {story.ref}"]),
                        f"It was {story.helper}."))  # fmt: skip
    if rng.random() < 0.35:
        if rng.random() < 0.6:
            singular = story.pronoun != "they"
            subject = Subject("", noun, article(noun) if singular else f"some {noun}", story.ref,
                              story.pronoun)  # fmt: skip
            if story.ref.count("the ") > 1:
                subject.first = story.ref
            plots = [plot for plot in PLOTS if plot != story.plot]
            again = tell(rng, Request(subject, name=story.name), rng.choice(plots))
            ask = ["Tell me another one", "Tell me another story", "Another one", "One more",
                   "Can you tell me another one", f"Another story about {story.ref}"]  # fmt: skip
            return chat(punctuate(rng, rng.choice(ask)), again.text)
        asked, again = any_story(rng)
        ask = ["Now tell me a story about {x}", "Now one about {x}", "And one about {x}",
               "Tell me a story about {x}"]  # fmt: skip
        return chat(punctuate(rng, rng.choice(ask).format(x=asked)), again.text)
    question, answer = rng.choice(options)
    return chat(punctuate(rng, question), _capitals(answer))


# --------------------------------------------------------------------------- facts

# topic | other questions, separated by ";" | answer
FACTS: str = """
rain|Why does it rain;Where does rain come from|Rain is water that falls from clouds. The sun warms the sea, and tiny drops rise into the air. When the drops in a cloud grow heavy, they fall down as rain.
snow|Why does it snow;How is snow made|Snow is frozen water that falls from clouds. When the air is very cold, the water turns into small ice crystals. Every snowflake has six sides.
the moon|Why does the moon shine|The moon is a big ball of rock that goes around the Earth. It does not make its own light. It shines because the sun lights it up.
the sun|What does the sun do|The sun is a star, and it is very hot. It gives light and warmth to the Earth. Without the sun nothing could grow.
a star|What are stars;Why do stars shine|A star is a huge ball of hot and glowing gas. Stars look small because they are very far away. Our sun is a star too.
the Earth|What is our planet|The Earth is the planet that we live on. It is round like a ball and goes around the sun once a year. Most of it is covered with water.
a planet|What are planets;How many planets are there|A planet is a big round body that goes around a star. Eight planets go around our sun. The Earth is one of them.
gravity|Why do things fall down;How does gravity work|Gravity is the pull between things. The Earth is so big that it pulls everything down towards it. That is why a ball falls when you let it go.
a rainbow|What are rainbows;How is a rainbow made|A rainbow is light from the sun that is split into many colours. You can see it when the sun shines through drops of rain. Its colours go from red to violet.
thunder|Why does it thunder|Thunder is the sound of lightning. Lightning makes the air so hot that it bursts outward with a bang. We see the flash first because light is faster than sound.
lightning|What makes lightning|Lightning is a giant spark of electricity in a storm. It jumps between clouds or from a cloud to the ground. Stay inside when you see it.
wind|Why does the wind blow;What is the wind|Wind is air that moves. The sun warms some places more than others, and warm air rises. Then cooler air flows in, and we feel it as wind.
a cloud|What are clouds;What are clouds made of|A cloud is made of very many tiny drops of water or bits of ice. They are so small that they float in the air. When they grow heavy, they fall as rain or snow.
ice|What is ice made of|Ice is frozen water. Water turns into ice when it gets very cold. Ice is lighter than water, so it floats.
water|What is water made of|Water is a clear liquid that all living things need. It can turn into ice when it is cold and into steam when it is hot. Most of the water on Earth is in the sea.
air|What is air made of|Air is a mix of gases that is all around us. We cannot see it, but we breathe it all the time. One part of it is oxygen.
fire|How does fire work|Fire is what happens when something burns. It needs fuel, heat and air. It gives light and warmth, but it is dangerous, so be careful.
a volcano|What are volcanoes|A volcano is a mountain with an opening deep into the Earth. Sometimes hot melted rock comes out of it. This rock is called lava.
an earthquake|What are earthquakes|An earthquake is a shaking of the ground. The outer shell of the Earth is made of huge plates that move slowly. When they slip, the ground shakes.
day and night|Why is there night;Why does it get dark|The Earth turns around once every day. When our side faces the sun, it is day. When our side faces away, it is night.
the seasons|Why are there seasons;Why is it cold in winter|The Earth is tilted as it goes around the sun. When our half leans towards the sun, it is summer. When it leans away, it is winter.
the sea|Why is the sea salty;What is the ocean|The sea is the salt water that covers most of the Earth. Rivers carry a little salt into it from rocks. Many animals and plants live in it.
a river|What are rivers|A river is water that flows over land to a lake or the sea. It often begins as a small spring in the hills. Rivers give us water to drink.
a tree|What are trees|A tree is a tall plant with a trunk of wood. Its roots drink water from the ground, and its leaves catch light. Trees make oxygen for us to breathe.
photosynthesis|How do plants make food|Photosynthesis is how plants make their food. They use light, water and a gas from the air. They make sugar, and they give off oxygen.
a flower|What are flowers;Why do plants have flowers|A flower is the part of a plant that makes seeds. Its colours and smell call bees and butterflies. They carry pollen from one flower to another.
a seed|What are seeds|A seed is a tiny plant that is waiting to grow. It needs water, air and warmth. Then a root grows down and a stem grows up.
bees|What is a bee;What do bees do;How do bees make honey|Bees are small insects that visit flowers. They drink nectar and turn it into honey. They also carry pollen, and that helps plants to make seeds.
ants|What is an ant|Ants are small insects that live together in big groups. Each group has a queen that lays the eggs. Ants can carry things that are heavier than they are.
butterflies|What is a butterfly|Butterflies are insects with four colourful wings. A butterfly begins as an egg and becomes a caterpillar. Later it changes inside a hard case and comes out with wings.
spiders|What is a spider|Spiders are small animals with eight legs. Many of them spin webs to catch insects. They are not insects, because insects have six legs.
birds|Why can birds fly;What is a bird|Birds are animals with feathers, wings and a beak. They lay eggs. Most birds can fly because they are light and have strong wings.
fish|How do fish breathe|Fish are animals that live in water. They breathe with gills. They swim by moving their fins and tails.
whales|What is a whale;Are whales fish|Whales are very big animals that live in the sea. They are not fish, because they breathe air and feed milk to their young. The blue whale is the biggest animal on Earth.
dinosaurs|What is a dinosaur;What happened to the dinosaurs|Dinosaurs were animals that lived very long ago. Some were as small as a hen, and some were as long as a train. Birds are their living relatives.
mammals|What is a mammal|Mammals are animals that feed their young with milk. Most of them have hair or fur. Dogs, whales and people are mammals.
magnets|What is a magnet;How does a magnet work|Magnets are things that pull iron towards them. Every magnet has a north pole and a south pole. Two poles that are the same push each other away.
electricity|How does electricity work|Electricity is a kind of energy that can flow through wires. It is made of tiny moving charges. It lights our lamps and runs our machines.
light|How fast is light|Light is a kind of energy that we can see. It travels in straight lines, and nothing is faster. White light is a mix of all colours.
sound|How does sound work|Sound is made when something shakes. The shaking moves through the air as waves. When the waves reach your ear, you hear them.
a shadow|How are shadows made|A shadow is a dark place where light cannot reach. It appears when something stands in the way of the light. Your shadow is long when the sun is low.
a computer|How does a computer work;What are computers|A computer is a machine that follows instructions. The instructions are called a program. It can count very fast and store words, pictures and sounds.
the internet|How does the internet work|The internet is a huge net of computers that are joined together. They send each other messages through cables and radio waves. That is how we can see pages and pictures from far away.
a program|What is programming;What is coding|A program is a list of instructions for a computer. People write it in a programming language. The computer follows it step by step.
Python|What is Python used for|Python is a programming language. It is easy to read and is used for many things. It is named after a comedy group and not after the snake.
a robot|What are robots|A robot is a machine that can do work by itself. It has sensors to feel and motors to move. A program tells it what to do.
a language model|How does a language model work;What is an LLM|A language model is a program that guesses the next word. It has read a lot of text and learned which words go together. I am a very small one.
a neural network|How does a neural network work|A neural network is a program that learns from examples. It is made of many small numbers that are changed a little at a time. It gets better with practice.
machine learning|How does machine learning work|Machine learning means that a computer learns from examples. Nobody writes down every rule. The computer finds patterns and uses them later.
a token|What are tokens|A token is a small piece of text, such as a word or a part of a word. A language model reads and writes tokens. Long words are made of several tokens.
Hugging Face|What is a model hub|Hugging Face is a company with a website for sharing models and data. People can find many language models there. You can use them in a notebook.
Jupyter|What is a notebook;What is a Jupyter notebook|Jupyter is a tool for notebooks. A notebook holds text, code and results in one place. You can run the code one cell at a time.
a book|What are books|A book is a set of pages with words or pictures. You can read it to learn or to enjoy a story. Many books live in a library.
music|How is music made|Music is sound that is put together in a pleasant way. It has rhythm and often a melody. People make it with their voices and with instruments.
a friend|What is friendship|A friend is someone who likes you and cares about you. Friends share, listen and help each other. You can make a friend by being kind.
money|Why do we need money|Money is what we use to buy things. Coins and notes are money, and so are numbers in a bank. People earn it when they work.
sleep|Why do we sleep;Why do I need sleep|Sleep is a rest for the body and the mind. While we sleep, we grow and store what we learned. Children need more sleep than adults.
dreams|What is a dream;Why do we dream|Dreams are pictures and stories in your mind while you sleep. Everyone has them, but we forget most of them. Nobody knows exactly why we dream.
the heart|What does the heart do|The heart is a muscle that pumps blood through the body. It beats day and night. It beats faster when you run.
the brain|What does the brain do|The brain is inside your head and controls your body. It helps you to think, feel and remember. It sends messages through nerves.
teeth|Why should I brush my teeth|Teeth help us to bite and chew our food. Children have milk teeth that fall out, and new ones grow. Brush them twice a day to keep them healthy.
a bicycle|How does a bicycle work|A bicycle is a vehicle with two wheels. You push the pedals, and a chain turns the back wheel. Wear a helmet when you ride.
an aeroplane|How do aeroplanes fly;How does a plane fly|An aeroplane is a machine that flies. Its engines push it forward, and its wings lift it up. Pilots steer it from the front.
bread|How is bread made|Bread is made from flour, water, salt and often yeast. Yeast makes small bubbles, so the dough rises. Then it is baked in a hot oven.
chocolate|How is chocolate made|Chocolate is made from the beans of the cacao tree. The beans are roasted and ground. Then sugar and often milk are added.
time|What is a clock for|Time tells us when things happen. We measure it in seconds, minutes, hours and days. A clock shows what time it is.
the sky|Why is the sky blue|Light from the sun is a mix of all colours. The air scatters blue light more than the other colours. That is why the sky looks blue.
recycling|Why should we recycle|Recycling means making new things from old ones. Paper, glass and metal can be used again. It saves energy and keeps the Earth clean.
"""
EXPLAIN: list[str] = [
    "What is {x}", "Explain {x}", "Explain {x} to a ten-year-old", "Explain {x} to a child",
    "Tell me about {x}", "Can you explain {x}", "Explain {x} in simple words", "Describe {x}",
    "What do you know about {x}", "Explain {x} to me", "Explain {x} to a ten-year-old",
    "Explain {x} to a five-year-old", "Explain {x} briefly", "How does {x} work", "Define {x}",
]  # fmt: skip
UNKNOWN_TOPICS: list[str] = (
    "quantum mechanics;the stock market;black holes;democracy;general relativity;philosophy;"
    "blockchain;calculus;the French Revolution;economics;DNA;evolution;statistics;chess;law;"
    "the Roman Empire;opera;inflation;the theory of everything;algebra;a derivative;entropy;"
    "transformers;attention;gradient descent;overfitting;quantization;sailing;history;politics;"
    "a black hole;a virus;cooking;an atom;chemistry;grammar;the weather tomorrow;geology"
).split(";")
UNKNOWN_TASKS: list[str] = [
    "Translate {x} into French", "How do I fix {x}", "Who invented {x}", "Write an essay about {x}",
    "Summarize the history of {x}", "How much does {x} cost", "Where can I buy {x}",
    "Give me advice about {x}", "Compare {x} and {y}", "Write an email about {x}",
    "What should I do about {x}", "Which is better, {x} or {y}", "Prove that {x} is {y}",
    "Recommend {x}", "Who was {x}", "When was {x} invented", "How many {x} are there",
    "Plan a trip to {x}", "What happened in {x}", "Why is {x} so expensive", "Draw {x}",
    "Summarize this text: {x} is {y}", "Translate this: {x} and {y}", "Correct this: {x} are {y}",
]  # fmt: skip
CANNOT = "I am only a small demo model, so I cannot do that well. Ask me for a little story, a short poem, a list or a simple sum."
WHO_AM_I = (
    "I am a small demo model that comes with hfmagic. "
    "I know little stories, a few simple facts and short poems. "
    "Try asking me for a story about a fox."
)
SMALL_TALK: list[tuple[list[str], str]] = [
    (["Hello", "Hi", "Hey", "Hello there", "Good morning", "Good evening", "Hi there", "Say hello"],
     "Hello! I am a small demo model. Would you like to hear a little story?"),
    (["Who are you", "What are you", "What is your name", "Introduce yourself", "What can you do",
      "Tell me about yourself", "Which model are you", "What is hfmagic", "Help", "Who made you",
      "Are you a robot", "Are you a real person"], WHO_AM_I),
    (["How are you", "How are you today", "How do you do"],
     "I am fine, thank you! Would you like to hear a little story?"),
    (["Thank you", "Thanks", "Thank you very much", "Great", "Nice", "Well done"],
     "You are welcome!"),
    (["Goodbye", "Bye", "See you later", "Good night"], "Goodbye! Come back soon for a story."),
    (["Tell me a joke", "Do you know a joke", "Make me laugh", "Tell a joke"],
     "Why did the teddy bear not want any cake? Because it was already stuffed!"),
    (["Test", "This is a test", "test", "testing", "ping"], "The test works. I am here!"),
    (["Yes", "Yes, please", "Ok", "Okay", "No", "Hmm", "Why", "asdf", "..."],
     "Tell me what the story should be about, and I will try my best."),
    (["Count to five", "Count from one to five", "Count from 1 to 5", "Count to 5"],
     "One, two, three, four, five."),
    (["Count to ten", "Count from one to ten", "Count from 1 to 10", "Count to 10"],
     "One, two, three, four, five, six, seven, eight, nine, ten."),
]  # fmt: skip

COLOURS: dict[str, str] = dict(
    pair.split("/")
    for pair in (
        "fox/red and white;bear/brown;penguin/black and white;frog/green;salmon/pink;crow/black;"
        "swan/white;lion/golden brown;elephant/grey;zebra/black and white;canary/yellow;sky/blue;"
        "grass/green;snow/white;sun/yellow;banana/yellow;strawberry/red;carrot/orange;mouse/grey;"
        "leaf/green;lemon/yellow;tomato/red;pumpkin/orange;polar bear/white;panda/black and white;"
        "pig/pink;crocodile/green;tiger/orange with black stripes;night/black;cherry/red"
    ).split(";")
)
SOUNDS: dict[str, str] = {
    "dog": "woof", "cat": "meow", "cow": "moo", "duck": "quack", "sheep": "baa", "pig": "oink",
    "horse": "neigh", "hen": "cluck", "rooster": "cock-a-doodle-doo", "lion": "roar",
    "mouse": "squeak", "bee": "buzz", "frog": "ribbit", "owl": "hoot", "snake": "hiss",
}  # fmt: skip
LEGS: dict[str, str] = {
    "dog": "four", "cat": "four", "spider": "eight", "ant": "six", "bird": "two", "hen": "two",
    "horse": "four", "bee": "six", "snake": "no", "fish": "no", "fox": "four", "person": "two",
}  # fmt: skip
CAPITALS: dict[str, str] = dict(
    pair.split("/")
    for pair in (
        "France/Paris Germany/Berlin Italy/Rome Spain/Madrid Portugal/Lisbon Austria/Vienna "
        "England/London Ireland/Dublin Norway/Oslo Sweden/Stockholm Denmark/Copenhagen "
        "Greece/Athens Poland/Warsaw Japan/Tokyo China/Beijing Egypt/Cairo Canada/Ottawa "
        "Finland/Helsinki Switzerland/Bern Belgium/Brussels Hungary/Budapest"
    ).split()
)
OPPOSITES: dict[str, str] = dict(
    pair.split("/")
    for pair in (
        "hot/cold big/small up/down day/night happy/sad fast/slow old/young long/short open/closed "
        "full/empty wet/dry light/dark high/low early/late left/right loud/quiet hard/soft good/bad"
    ).split()
)
LISTS: dict[str, list[str]] = {
    "animals": "fox bear owl rabbit frog lion".split(),
    "colours": "red blue green yellow orange purple".split(),
    "colors": "red blue green yellow orange purple".split(),
    "fruits": "apple banana pear cherry plum grape".split(),
    "vegetables": "carrot potato tomato onion pea bean".split(),
    "birds": "robin crow swan eagle penguin sparrow".split(),
    "planets": "Mercury Venus Earth Mars Jupiter Saturn".split(),
    "days of the week": "Monday Tuesday Wednesday Thursday Friday Saturday".split(),
    "months": "January February March April May June".split(),
    "toys": "ball doll kite puzzle drum train".split(),
    "sports": "football tennis swimming running skating chess".split(),
    "flowers": "rose tulip daisy lily poppy violet".split(),
    "trees": "oak birch pine maple beech willow".split(),
    "cities": "Paris London Rome Berlin Madrid Tokyo".split(),
    "countries": "France Japan Egypt Canada Italy Norway".split(),
    "instruments": "piano violin drum flute guitar harp".split(),
    "shapes": "circle square triangle star oval heart".split(),
    "insects": "bee ant butterfly beetle moth cricket".split(),
    "drinks": "water milk tea juice cocoa lemonade".split(),
    "names": "Pip Mia Leo Nora Otto Ruby".split(),
    "programming languages": "Python C Java Julia Rust R".split(),
}

# task phrases, separated by ";" | sentence | code
CODE: list[tuple[str, str, str]] = [
    ("adds two numbers;returns the sum of two numbers", "adds two numbers",
     "def add(a, b):\n    return a + b"),
    ("subtracts two numbers;returns the difference of two numbers", "subtracts two numbers",
     "def subtract(a, b):\n    return a - b"),
    ("multiplies two numbers;returns the product of two numbers", "multiplies two numbers",
     "def multiply(a, b):\n    return a * b"),
    ("divides two numbers", "divides two numbers", "def divide(a, b):\n    return a / b"),
    ("returns the larger of two numbers;finds the maximum of two numbers",
     "returns the larger of two numbers",
     "def larger(a, b):\n    return a if a > b else b"),
    ("squares a number;returns the square of a number", "squares a number",
     "def square(x):\n    return x * x"),
    ("checks if a number is even;tells whether a number is even", "checks if a number is even",
     "def is_even(n):\n    return n % 2 == 0"),
    ("reverses a string;reverses a word", "reverses a string",
     "def reverse(text):\n    return text[::-1]"),
    ("checks if a word is a palindrome", "checks if a word is a palindrome",
     "def is_palindrome(word):\n    return word == word[::-1]"),
    ("says hello;greets a person;prints a greeting;says hello to a name", "says hello",
     'def greet(name):\n    print("Hello, " + name + "!")'),
    ("counts the vowels in a word;counts vowels", "counts the vowels in a word",
     'def count_vowels(word):\n    return sum(letter in "aeiou" for letter in word.lower())'),
    ("counts the words in a text", "counts the words in a text",
     "def count_words(text):\n    return len(text.split())"),
    ("returns the sum of a list;adds up a list of numbers", "adds up a list of numbers",
     "def total(numbers):\n    return sum(numbers)"),
    ("returns the average of a list;computes the mean of a list of numbers",
     "returns the average of a list",
     "def average(numbers):\n    return sum(numbers) / len(numbers)"),
    ("computes the factorial of a number;returns the factorial", "computes a factorial",
     "def factorial(n):\n    result = 1\n    for i in range(2, n + 1):\n        result = result * i\n    return result"),
    ("returns the Fibonacci numbers;prints the Fibonacci sequence;computes fibonacci",
     "returns the first Fibonacci numbers",
     "def fibonacci(n):\n    numbers = [0, 1]\n    while len(numbers) < n:\n        numbers.append(numbers[-1] + numbers[-2])\n    return numbers[:n]"),
    ("plays fizzbuzz;prints fizzbuzz", "prints fizzbuzz",
     'def fizzbuzz(n):\n    for i in range(1, n + 1):\n        word = "Fizz" * (i % 3 == 0) + "Buzz" * (i % 5 == 0)\n        print(word or i)'),
    ("converts Celsius to Fahrenheit", "converts Celsius to Fahrenheit",
     "def to_fahrenheit(celsius):\n    return celsius * 9 / 5 + 32"),
    ("counts down from ten;counts down", "counts down",
     "def count_down(n):\n    while n > 0:\n        print(n)\n        n = n - 1"),
]  # fmt: skip

COUPLETS: list[tuple[str, str]] = [
    ("{Np} looked up so high", "and saw a star up in the sky."),
    ("{Np} went out to play", "and danced and sang the whole long day."),
    ("{Np} woke up at dawn", "and gave a very happy yawn."),
    ("{Np} was soft and warm", "and slept all through the winter storm."),
    ("{Np} sat by the sea", "and drank a little cup of tea."),
    ("{S} met a little bee", "and they had tea beneath a tree."),
    ("{S} gave a merry hop", "and danced until the song could stop."),
    ("The moon above began to glow", "and lit {s} far below."),
    ("The wind came by and sang a tune", "and {s} waved at the moon."),
    ("So sleep, dear {n}, and dream tonight", "of silver stars so warm and bright."),
    ("Good night, dear {n}, close your eyes", "beneath the wide and quiet skies."),
    ("We love {s}, yes we do", "and all the stars, they love it too."),
]
POEM_PHRASES: list[str] = [
    "Write a poem about {x}", "Write a short poem about {x}", "Write a rhyme about {x}",
    "Tell me a poem about {x}", "Can you write a poem about {x}", "A poem about {x}",
    "Make a rhyme about {x}", "Write a little poem about {x}", "Write a haiku about {x}",
    "Give me a poem about {x}", "Write me a poem about {x}", "Write a song about {x}",
]  # fmt: skip
FEELINGS: dict[str, str] = {
    "I love it;This is wonderful;What a great film;I am very happy;It was fun;It works very well;"
    "The food was delicious;A beautiful day;Best cake ever;I like this book": "positive",
    "I hate it;This is terrible;What a bad film;I am very sad;It was boring;It does not work;"
    "The food was cold;A horrible day;Worst cake ever;I do not like this book": "negative",
}


def facts() -> list[tuple[str, list[str], str]]:
    """Return the topics with other questions about each and the answer."""
    rows = [line.split("|") for line in FACTS.strip().splitlines()]
    return [(topic, others.split(";"), answer) for topic, others, answer in rows]


def _pick(rng: Random, options: list[str]) -> str:
    return rng.choice(options)


def fact_example(rng: Random) -> list[Message]:
    """Return a question about a known topic and its answer, sometimes brief."""
    topic, others, answer = rng.choice(facts())
    question = rng.choice(others) if rng.random() < 0.35 else rng.choice(EXPLAIN).format(x=topic)
    if topic.endswith("s") and topic != "photosynthesis":
        question = question.replace("What is " + topic, "What are " + topic)
    if rng.random() < 0.06:
        system = rng.choice(["Answer in one sentence.", "Be brief.", "Keep it short."])
        answer = answer.split(". ")[0].removesuffix(".") + "."
        return [{"role": "system", "content": system}, *chat(punctuate(rng, question), answer)]
    if rng.random() < 0.06:
        answer = answer.split(". ")[0].removesuffix(".") + "."
        return chat(punctuate(rng, question + " in one sentence"), answer)
    return chat(punctuate(rng, question), answer)


def unknown_example(rng: Random) -> list[Message]:
    """Return a question that the model cannot answer and a kind refusal."""
    known = {topic for topic, _, _ in facts()}
    if rng.random() < 0.35:
        task = rng.choice(UNKNOWN_TASKS)
        words = [rng.choice([rng.choice(UNKNOWN_TOPICS), invented(rng), invented_name(rng)]) for _ in range(2)]
        return chat(punctuate(rng, task.format(x=words[0], y=words[1])), CANNOT)
    dice = rng.random()
    if dice < 0.3:
        topic = rng.choice(UNKNOWN_TOPICS)
    elif dice < 0.5:
        topic = invented(rng)
    elif dice < 0.75:
        topic = article(invented(rng))
    elif dice < 0.82:
        topic = f"{invented(rng)} {invented(rng)}"
    else:
        topic = article(rng.choice([w for w in THINGS if article(w) not in known]))
    answer = f"I am only a small demo model, so I do not know much about {topic}. I can tell you a little story about {topic} if you like."
    return chat(punctuate(rng, rng.choice(EXPLAIN).format(x=topic)), answer)


FACT_HOMES: dict[str, str] = {
    "in a forest": "in forests", "on a farm": "on farms", "in the sea": "in the sea",
    "by a river": "by rivers", "on a wide plain": "on wide plains", "in a jungle": "in jungles",
    "in a garden": "in gardens", "in a cosy house": "with people", "in the snow": "in cold places",
}  # fmt: skip
NO_FACT = {"snowman", "bee", "ant", "fish"}


def animal_example(rng: Random) -> list[Message]:
    """Return a question about an animal, a colour, a sound, a capital or an opposite."""
    dice = rng.random()
    if dice < 0.3:
        noun = rng.choice([a for a in ANIMALS if ANIMAL_HOME[a] in FACT_HOMES and a not in NO_FACT])
        home = FACT_HOMES[ANIMAL_HOME[noun]]
        question = _pick(rng, EXPLAIN[:8]).format(x=article(noun))
        answer = f"{article(noun)} is an animal. Many {plural(noun)} live {home}."
        return chat(punctuate(rng, question), _capitals(answer))
    if dice < 0.5:
        noun, colour = rng.choice(list(COLOURS.items()))
        the = "the " if noun in {"sky", "sun", "night"} else ""
        the = the or ("" if noun in {"grass", "snow"} else article(noun).split(" ")[0] + " ")
        question = rng.choice(["What colour is {x}", "What color is {x}", "Which colour has {x}"])
        return chat(punctuate(rng, question.format(x=the + noun)),
                    _capitals(f"{the}{noun} is {colour}."))  # fmt: skip
    if dice < 0.62:
        noun, sound = rng.choice(list(SOUNDS.items()))
        question = rng.choice(["What sound does {x} make", "What does {x} say"])
        return chat(punctuate(rng, question.format(x=article(noun))),
                    _capitals(f"{article(noun)} says {sound}."))  # fmt: skip
    if dice < 0.7:
        noun, legs = rng.choice(list(LEGS.items()))
        question = f"How many legs does {article(noun)} have"
        return chat(punctuate(rng, question), _capitals(f"{article(noun)} has {legs} legs."))
    if dice < 0.85:
        country, capital = rng.choice(list(CAPITALS.items()))
        question = rng.choice(["What is the capital of {x}", "Which city is the capital of {x}",
                               "Tell me the capital of {x}"])  # fmt: skip
        return chat(punctuate(rng, question.format(x=country)),
                    f"The capital of {country} is {capital}.")  # fmt: skip
    word, opposite = rng.choice(list(OPPOSITES.items()))
    if rng.random() < 0.5:
        word, opposite = opposite, word
    return chat(punctuate(rng, f"What is the opposite of {word}"),
                f"The opposite of {word} is {opposite}.")  # fmt: skip


def sum_example(rng: Random) -> list[Message]:
    """Return a small sum and its result."""
    one, two = rng.randint(0, 10), rng.randint(0, 10)
    words = rng.random() < 0.12
    if rng.random() < 0.75:
        sign, result = rng.choice([("plus", one + two), ("plus", one + two), ("+", one + two)])
    else:
        one, two = max(one, two), min(one, two)
        sign, result = rng.choice(["minus", "-"]), one - two
    first, second = (NUMBERS[one], NUMBERS[two]) if words else (str(one), str(two))
    sign = {"+": "plus", "-": "minus"}.get(sign, sign) if words else sign
    phrase = rng.choice(["What is {s}", "What is {s}", "How much is {s}", "Calculate {s}", "{s}"])
    answer = NUMBERS[result] if words else str(result)
    end = "?" if phrase.startswith(("What", "How")) else ""
    return chat(f"{phrase.format(s=f'{first} {sign} {second}')}{end}", f"The answer is {answer}.")


def list_example(rng: Random) -> list[Message]:
    """Return a request for a list and a Markdown list."""
    kind, items = rng.choice(list(LISTS.items()))
    count = rng.choice([2, 3, 3, 3, 4, 5, 5, 6])
    said = rng.choice([NUMBERS[count], NUMBERS[count], str(count)])
    numbered = rng.random() < 0.2
    ask = ["List {n} {k}", "Name {n} {k}", "Give me {n} {k}", "Write a list of {n} {k}",
           "Give me a list of {n} {k}", "Can you name {n} {k}"]  # fmt: skip
    if numbered:
        ask = ["Make a numbered list of {n} {k}", "Give me a numbered list of {n} {k}"]
    lines = [f"{i}. {x}" if numbered else f"- {x}" for i, x in enumerate(items[:count], 1)]
    answer = f"Here are {NUMBERS[count]} {kind}:\n\n" + "\n".join(lines)
    return chat(punctuate(rng, rng.choice(ask).format(n=said, k=kind)), answer)


def code_example(rng: Random) -> list[Message]:
    """Return a request for a Python function and a sentence with the code."""
    tasks, sentence, code = rng.choice(CODE)
    task = rng.choice(tasks.split(";"))
    ask = ["Write a Python function that {t}", "Write a function that {t}",
           "Give me a Python function that {t}", "Show me Python code that {t}",
           "Can you write a Python function that {t}", "Write Python code that {t}",
           "Python function that {t}"]  # fmt: skip
    answer = f"Here is a function that {sentence}:\n\n```python\n{code}\n```"
    return chat(punctuate(rng, rng.choice(ask).format(t=task)), answer)


def json_example(rng: Random) -> list[Message]:
    """Return a request for JSON and an answer that is only JSON."""
    if rng.random() < 0.25:
        kind, items = rng.choice(list(LISTS.items()))
        count = rng.randint(2, 5)
        ask = ["Give me a JSON list of {n} {k}", "Write a JSON array with {n} {k}",
               "List {n} {k} as JSON"]  # fmt: skip
        prompt = rng.choice(ask).format(n=NUMBERS[count], k=kind)
        return chat(punctuate(rng, prompt), json.dumps(items[:count]))
    noun, pronoun = pick_noun(rng)
    girl = crc32(noun[::-1].encode()) % 2 == 0 if pronoun == "it" else pronoun == "she"
    name = (GIRLS if girl else BOYS)[noun[0]]
    values: dict[str, object] = {
        "name": name, "age": 2 + crc32(noun.encode()) % 8, "animal": noun, "kind": noun,
        "colour": "blue", "color": "blue", "food": "apples", "home": "forest",
    }  # fmt: skip
    keys = rng.choice([["name", "age"], ["name", "age"], ["name", "colour"], ["name", "food", "age"],
                       ["name", "color", "age"], ["kind", "name"], ["name"], ["age"],
                       ["name", "home"], ["animal", "name", "age"]])  # fmt: skip
    ask = ["Give me a JSON object with the {k} of {x}", "Write JSON with the {k} of {x}",
           "Return a JSON object with the {k} of {x}", "Describe {x} as JSON with {k}",
           "Give me the {k} of {x} as JSON", "Write a JSON object for {x} with {k}"]  # fmt: skip
    joined = keys[0] if len(keys) == 1 else ", ".join(keys[:-1]) + " and " + keys[-1]
    prompt = rng.choice(ask).format(k=joined, x=article(noun))
    return chat(punctuate(rng, prompt), json.dumps({key: values[key] for key in keys}))


def table_example(rng: Random) -> list[Message]:
    """Return a request for a table and a Markdown table."""
    count = rng.choice([2, 3, 3, 4, 5])
    head, rows = rng.choice([
        (("Animal", "Sound"), SOUNDS), (("Country", "Capital"), CAPITALS),
        (("Animal", "Legs"), LEGS), (("Word", "Opposite"), OPPOSITES),
    ])  # fmt: skip
    many = {"Animal": "animals", "Country": "countries", "Word": "words"}[head[0]]
    column = {"Sound": "sounds", "Capital": "capitals", "Legs": "legs", "Opposite": "opposites"}
    lines = [f"| {head[0]} | {head[1]} |", "| --- | --- |"]
    lines += [f"| {key} | {value} |" for key, value in list(rows.items())[:count]]
    ask = [
        "Make a table of {n} {m} and their {c}",
        "Write a table with {n} {m} and their {c}",
        "Give me a Markdown table of {n} {m} and their {c}",
        "Show {n} {m} and their {c} in a table",
    ]
    prompt = rng.choice(ask).format(n=NUMBERS[count], m=many, c=column[head[1]])
    return chat(punctuate(rng, prompt), "\n".join(lines))


def poem_example(rng: Random) -> list[Message]:
    """Return a request for a poem and a poem of four lines."""
    if rng.random() < 0.25:
        noun = rng.choice(DEFINITE)
        asked, first, ref = f"the {noun}", f"the {noun}", f"the {noun}"
    elif rng.random() < 0.2:
        topic = invented(rng) if rng.random() < 0.4 else rng.choice(TOPICS)
        asked = first = ref = topic
    else:
        noun, pronoun = pick_noun(rng)
        subject = make_subject(rng, noun, pronoun)
        if subject.pronoun == "they" or not subject.first.startswith(("a ", "an ")):
            subject = Subject(article(noun), noun, article(f"little {noun}"), f"the {noun}")
        asked, first, ref = subject.asked, subject.first, subject.ref
    one, two = rng.sample(COUPLETS[:9], 1)[0], rng.sample(COUPLETS[5:], 1)[0]
    if one == two:
        one = COUPLETS[0]
    words = {"Np": first, "S": ref, "s": ref, "n": ref.removeprefix("the ")}
    lines = [line.format_map(words) for couplet in (one, two) for line in couplet]
    text = "\n".join(line[0].upper() + line[1:] for line in lines)
    return chat(punctuate(rng, rng.choice(POEM_PHRASES).format(x=asked)), text)


def talk_example(rng: Random) -> list[Message]:
    """Return a greeting, a question about the model or a question about a feeling."""
    if rng.random() < 0.3:
        sentences, label = rng.choice(list(FEELINGS.items()))
        sentence = rng.choice(sentences.split(";"))
        ask = ["Is this positive or negative: {s}", "Is this sentence positive or negative? {s}",
               "Classify the sentiment: {s}", "What is the sentiment of this text: {s}"]  # fmt: skip
        end = rng.choice([".", "", "!"])
        return chat(rng.choice(ask).format(s=sentence) + end, f"The sentence is {label}.")
    prompts, answer = rng.choice(SMALL_TALK)
    prompt = rng.choice(prompts)
    return chat(prompt if prompt == "..." else punctuate(rng, prompt), answer)


def echo_example(rng: Random) -> list[Message]:
    """Return a request to repeat some words and the same words again."""
    known = [*ANIMALS, *THINGS, *OBJECTS, *ADJECTIVES, *PEOPLE, *NAMES]
    words = [rng.choice([invented(rng), invented(rng), invented_name(rng), rng.choice(known)]) for _ in range(rng.randint(1, 7))]
    said = " ".join(words)
    ask = ["Repeat: {x}", "Repeat after me: {x}", "Say {x}", "Echo: {x}", "Repeat the words {x}"]
    return chat(rng.choice(ask).format(x=said), f"You said: {said}")


def plain_text(rng: Random) -> str:
    """Return a story without a chat around it, sometimes from its middle on."""
    _, story = any_story(rng)
    start = rng.randint(0, 2) if rng.random() < 0.35 else 0
    return ". ".join(story.text.split(". ")[start:])


SYSTEMS: list[str] = [
    "You are a helpful assistant.", "You are a pirate.", "You tell stories for children.",
    "You are a friendly storyteller.", "Answer kindly.", "You are a helpful model.",
    "Be kind.", "You are a teacher.", "Use simple words.", "You are a poet.",
]  # fmt: skip

SHARES: list[tuple[Callable[[Random], list[Message]], float]] = [
    (story_example, 46), (conversation_example, 10), (fact_example, 12), (unknown_example, 6),
    (animal_example, 6), (sum_example, 8), (list_example, 4), (code_example, 4),
    (json_example, 3), (table_example, 1.5), (poem_example, 4), (talk_example, 5),
    (echo_example, 4),
]  # fmt: skip
# The same makers with more of what is learned last: to copy long unseen words, and sums.
REVIEW: list[tuple[Callable[[Random], list[Message]], float]] = [
    (story_example, 42), (conversation_example, 8), (fact_example, 8), (unknown_example, 8),
    (animal_example, 5), (sum_example, 22), (list_example, 6), (code_example, 3),
    (json_example, 4), (table_example, 1.5), (poem_example, 4), (talk_example, 4),
    (echo_example, 22),
]  # fmt: skip
# Mostly what is still hard then: sums, and words that repeat some of their letters.
DRILL: list[tuple[Callable[[Random], list[Message]], float]] = [
    (story_example, 42), (conversation_example, 7), (fact_example, 8), (unknown_example, 8),
    (animal_example, 5), (sum_example, 110), (list_example, 6), (code_example, 3),
    (json_example, 4), (table_example, 1.5), (poem_example, 4), (talk_example, 4),
    (echo_example, 30),
]  # fmt: skip
PLAIN_SHARE = 0.06
PARTS: dict[type[Random], list[tuple[Callable[[Random], list[Message]], float]]] = {
    Random: SHARES,
    ReviewRandom: REVIEW,
    DrillRandom: DRILL,
}


def example(rng: Random) -> list[Message] | str:
    """Return one training example: a chat, or a plain text.

    Parameters
    ----------
    rng
        Source of chance; the example depends on nothing else.
    """
    if rng.random() < PLAIN_SHARE:
        return plain_text(rng)
    makers, weights = zip(*PARTS[type(rng)], strict=True)
    make = rng.choices(makers, weights)[0]
    messages = make(rng)
    if messages[0]["role"] != "system" and rng.random() < 0.06:
        messages = [{"role": "system", "content": rng.choice(SYSTEMS)}, *messages]
    if make in {fact_example, sum_example, animal_example, talk_example} and rng.random() < 0.12:
        extra = make(rng)
        messages += extra[-2:] if extra[0]["role"] == "user" else []
    return messages


def examples(seed: int, warm: int = 0, part: int = 0) -> Iterator[list[Message] | str]:
    """Yield training examples without end, the same for the same seed.

    Parameters
    ----------
    seed
        Seed of all choices.
    warm
        Of so many examples at the beginning, every second one only repeats words.
        A model learns to copy much sooner this way.
    part
        Which part of the training the text is for, from 0 to 2.
    """
    rng = list(PARTS)[part](seed)
    for number in itertools.count():
        yield echo_example(rng) if number < warm and number % 2 else example(rng)


def held_out_requests(count: int, seed: int = 7) -> list[Request]:
    """Return requests for stories that are never used for training.

    Parameters
    ----------
    count
        How many requests.
    seed
        Seed of the choice.
    """
    rng = Random(seed)
    nouns = [*HELD_OUT_ANIMALS, *HELD_OUT_THINGS]
    found: list[Request] = []
    while len(found) < count:
        kind = len(found) % 4
        noun, pronoun = (rng.choice(ANIMALS), "it") if kind == 3 else (nouns[len(found) % len(nouns)], "it")
        adjective = rng.choice(["", "brave", "blue", "shy"]) if kind else ""
        phrase = f"{adjective} {noun}".strip()
        subject = Subject(article(phrase), noun, article(phrase), f"the {noun}", pronoun,
                          phrase.split(), ADJECTIVES.get(adjective, ""))  # fmt: skip
        request = Request(subject)
        if kind >= 2:
            request.place = rng.choice(PLACES)
            request.name = rng.choice(NAMES if kind == 3 else HELD_OUT_NAMES)
        if is_held_out(noun, request.place, request.name):
            found.append(request)
    return found
