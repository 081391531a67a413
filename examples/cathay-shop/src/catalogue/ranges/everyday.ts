import { kind, type Range, words } from './range.ts';

const grocery: Range = {
  category: 'Grocery & Gourmet',
  brands: words(
    'Khetika Farms, Malnad Estate, Swaadgram, Annapatra, Dhanyavan, Konkan Pantry, Himgiri Organics, Masalchi, Nilgai Naturals, Gudwala',
  ),
  kinds: [
    kind('Basmati Rice', 89, 249, 'Aged, Organic, Extra-Long, Hand-Picked, Brown'),
    kind('Filter Coffee', 129, 399, 'Dark-Roast, Chicory-Blend, Single-Estate, Peaberry, Medium-Roast'),
    kind('Assam Tea', 99, 349, 'Whole-Leaf, Second-Flush, Strong CTC, Organic, Masala'),
    kind('Garam Masala', 59, 199, 'Stone-Ground, Roasted, Punjabi, Small-Batch, Whole-Spice'),
    kind('Honey', 119, 449, 'Raw, Multiflora, Forest, Unfiltered, Acacia'),
    kind('Mango Pickle', 79, 249, 'Avakaya, Sun-Cured, Sweet, Grandmother’s, Mustard-Oil'),
    kind('Cold-Pressed Oil', 149, 499, 'Groundnut, Coconut, Sesame, Mustard, Wood-Churned'),
    kind('Namkeen', 49, 149, 'Roasted, Ratlami, Baked, Peppery, Multigrain'),
  ],
  variants: words('Classic, Select, Signature, Family Choice, Festival Edition, Everyday, Reserve, Harvest'),
  sizes: [
    ['200 g', 1],
    ['500 g', 2.2],
    ['1 kg', 4],
    ['2 kg', 7.5],
  ],
  openings: [
    'Straight from growers whom {brand} knows by name: {quality} {noun}.',
    'The taste of home kitchens: {quality} {noun} by {brand}.',
    'Packed within a week of making: {quality} {noun}, {variant}.',
  ],
  details: [
    'No colours, no preservatives, nothing that needs explaining.',
    'Cleaned and graded twice, and sealed against moisture.',
    'Each lot is tested, and its number is on the pack.',
  ],
  closings: [
    'Vegetarian. Store in a cool, dry place.',
    'Best within six months of opening.',
    'The pouch closes again and can be recycled.',
  ],
};

const beauty: Range = {
  category: 'Beauty & Personal Care',
  brands: words(
    'Ubtana, Kesh & Kaya, Vanaushadh, Chandanam, Roopmati, Nimbika, Ojasya, Saundarya Root, Tulsivan, Gulabari',
  ),
  kinds: [
    kind('Face Wash', 149, 599, 'Neem, Turmeric, Salicylic, Rice-Water, Charcoal'),
    kind('Hair Oil', 129, 699, 'Bhringraj, Onion-Seed, Amla, Cold-Pressed, Rosemary'),
    kind('Body Lotion', 179, 799, 'Shea, Kokum-Butter, Aloe, Oat, Almond'),
    kind('Bath Soap', 49, 249, 'Handmade, Goat-Milk, Ubtan, Glycerine, Moisturising'),
    kind('Face Serum', 299, 1299, 'Vitamin C, Niacinamide, Saffron, Hyaluronic, Bakuchiol'),
    kind('Lip Balm', 99, 349, 'Beetroot, Tinted, Ghee-Based, Beeswax, SPF 30'),
    kind('Shampoo', 179, 799, 'Reetha, Sulphate-Free, Anti-Dandruff, Hibiscus, Protein'),
    kind('Attar', 199, 1999, 'Long-Lasting, Alcohol-Free, Deg-Distilled, Roll-On, Sandalwood-Base'),
  ],
  variants: words('Rose, Sandalwood, Jasmine, Vetiver, Lemongrass, Lavender, Unscented, Mogra'),
  sizes: [
    ['Travel Size', 1],
    ['Regular', 1.7],
    ['Large', 2.9],
    ['Value Pack', 4.2],
  ],
  openings: [
    'Kind to you in dry and humid weather alike: {quality} {noun}, {variant}.',
    'Made by {brand} from eleven ingredients, all of them on the label: {noun}, {variant}.',
    'An old remedy in a modern bottle: {quality} {noun}.',
  ],
  details: [
    'Free of parabens and mineral oil, and never tested on animals.',
    'Tested by dermatologists on skin that burns easily.',
    'Made in small lots, so it reaches you fresh.',
  ],
  closings: [
    'Try it on the inner arm first.',
    'Use within twelve months of opening.',
    'The bottle is recycled and can be recycled again.',
  ],
};

const toys: Range = {
  category: 'Toys & Games',
  brands: words(
    'Lattoo Lane, Channapatna Tales, Khilonagar, Gilli & Danda, Baalvatika, Pahelika, Kathputli Toys, Titliyan, Bambaram, Chhota Karkhana',
  ),
  kinds: [
    kind('Wooden Blocks', 349, 1799, 'Lacquered, Alphabet, Painted, Neem-Wood, Stacking'),
    kind('Board Game', 399, 1999, 'Cooperative, Strategy, Family, Travel, Folk-Tale'),
    kind('Jigsaw Puzzle', 249, 1299, 'Map-of-India, Wooden, Glow, Floor, Illustrated'),
    kind('Soft Toy', 299, 1499, 'Cuddly, Organic-Cotton, Hand-Knitted, Washable, Jumbo'),
    kind('Science Kit', 499, 2499, 'Crystal-Growing, Solar, Magnet, Robotics, Volcano'),
    kind('Ride-On Car', 1499, 5999, 'Push-Along, Musical, Foldable, Sturdy, Wooden', [
      ['Ages 1 to 3', 1],
      ['Ages 3 to 5', 1.2],
    ]),
    kind('Art Set', 199, 1299, 'Washable, Block-Printing, Clay, Water-Colour, Sixty-Piece'),
    kind('Pull-Along Toy', 199, 899, 'Elephant, Clacking, Hand-Turned, Natural-Dyed, Duck'),
  ],
  variants: words('Jungle, Space, Ocean, Circus, Farmyard, Monsoon, Festival, Dinosaur'),
  sizes: [
    ['Ages 1 to 3', 1],
    ['Ages 3 to 5', 1.1],
    ['Ages 5 to 8', 1.25],
    ['Ages 8 and Up', 1.4],
  ],
  openings: [
    'Keeps small hands busy and screens switched off: {quality} {noun}.',
    'As much fun the hundredth time: {noun} on a {variant} theme.',
    'Tried by {brand} on a very strict jury of children first: {quality} {noun}.',
  ],
  details: [
    'Rounded edges, and colours that pass the toy safety rules of IS 9873.',
    'Sturdy enough to be passed on to brothers, sisters and neighbours.',
    'Makes for play alone or together, with no batteries in the box to lose.',
  ],
  closings: [
    'Comes in a tin that tidies up after play.',
    'Rules and ideas in English and Hindi.',
    'A good present for a birthday.',
  ],
};

const fitness: Range = {
  category: 'Sports & Fitness',
  brands: words(
    'Akhara Sport, Vyayam, Dandal, Prithvi Yoga, Maidaan, Shaurya Athletics, Tezgati, Kabaddika, Himshikhar, Balvan Gear',
  ),
  kinds: [
    kind('Yoga Mat', 499, 2999, 'Cork, Anti-Skid, Extra-Thick, Natural-Rubber, Jute'),
    kind('Dumbbell Pair', 699, 3999, 'Neoprene, Hexagonal, Rubber-Coated, Adjustable, Cast Iron'),
    kind('Cricket Bat', 999, 8999, 'Kashmir-Willow, English-Willow, Tennis-Ball, Junior, Thick-Edged'),
    kind('Badminton Racket', 599, 3999, 'Carbon, Head-Light, Pre-Strung, Isometric, Training'),
    kind('Resistance Bands', 299, 1299, 'Latex, Fabric, Loop, Door-Anchor, Five-Level'),
    kind('Skipping Rope', 149, 699, 'Speed, Weighted, Beaded, Tangle-Free, Steel-Cable'),
    kind('Football', 399, 1999, 'Hand-Stitched, Thermo-Bonded, Turf, Match-Grade, Training'),
    kind('Gym Gloves', 249, 999, 'Wrist-Support, Breathable, Leather-Palm, Half-Finger, Padded'),
  ],
  variants: words('Electric Blue, Crimson, Jet Black, Lime, Saffron, Grey Melange, Royal Purple, Turquoise'),
  sizes: [
    ['Junior', 1],
    ['Standard', 1.35],
    ['Pro', 1.8],
  ],
  openings: [
    'Made for early mornings and hard sessions: {quality} {noun}.',
    'For the park, the terrace and the gym: {quality} {noun} in {variant}.',
    'Worked out by {brand} with coaches of district clubs: {noun} in {variant}.',
  ],
  details: [
    'Holds firm in sweaty hands and does not smell of rubber.',
    'Tested over ten thousand repetitions before it goes on sale.',
    'Light to carry, with a strap or a bag where one is needed.',
  ],
  closings: [
    'Wipe down after use and keep out of the sun.',
    'Six months of warranty in ordinary use.',
    'A card with ten exercises is in the pack.',
  ],
};

/** What is used up, played with and trained with. */
export const everyday: readonly Range[] = [grocery, beauty, toys, fitness];
