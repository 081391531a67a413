import { kind, type Range, words } from './range.ts';

const kitchen: Range = {
  category: 'Kitchen & Dining',
  brands: words(
    'Rasoighar, Tamba Craft, Annadata, Kansari, Chulha & Co, Bartanwala, Swadika, Mittika, Lohagarh, Paakshala',
  ),
  kinds: [
    kind('Kadhai', 599, 2999, 'Cast Iron, Triply Steel, Hard-Anodised, Hammered, Enamelled'),
    kind('Pressure Cooker', 1199, 4499, 'Stainless Steel, Outer-Lid, Induction-Base, Handi, Hard-Anodised'),
    kind('Tawa', 449, 1999, 'Cast Iron, Non-Stick, Concave, Pre-Seasoned, Soapstone'),
    kind('Masala Box', 349, 1499, 'Sheesham Wood, Stainless Steel, Brass, Glass-Lidded, Seven-Bowl'),
    kind('Water Bottle', 299, 1499, 'Pure Copper, Vacuum-Insulated, Borosilicate, Hammered, Stainless Steel'),
    kind('Dinner Plates', 499, 3499, 'Stoneware, Kansa, Hand-Painted, Bone China, Speckled'),
    kind('Chai Cups', 249, 1299, 'Kulhad-Style, Ceramic, Double-Walled, Ribbed Glass, Terracotta'),
    kind('Storage Jars', 349, 1899, 'Airtight, Borosilicate, Stackable, Ceramic, Bamboo-Lidded'),
  ],
  variants: words('Natural, Copper, Graphite, Sea Blue, Terracotta, Ivory, Moss Green, Turmeric'),
  sizes: [
    ['Small', 1],
    ['Medium', 1.35],
    ['Large', 1.75],
    ['Family Size', 2.2],
  ],
  openings: [
    'At home in the kitchen and good to look at on the table: {quality} {noun}.',
    '{brand} has made {noun} for home kitchens for three generations.',
    'For everyday meals as much as for Diwali: {quality} {noun} in {variant}.',
  ],
  details: [
    'Free of lead and cadmium, and easy to clean after long use.',
    'Balanced in the hand, with edges that are smooth all round.',
    'Made to be used daily and handed down.',
  ],
  closings: [
    'Rinse with warm water and dry at once.',
    'A leaflet with four family recipes is in the box.',
    'Two years of warranty against faults of making.',
  ],
};

const bedSizes: Range['sizes'] = [
  ['Single', 1],
  ['Double', 1.5],
  ['King', 1.9],
];

const furnishing: Range = {
  category: 'Home Furnishing',
  brands: words(
    'Gharana Living, Sutra & Sheet, Bichauna, Neendvan, Ambi Weaves, Panipat Row, Chaukhat, Kambalika, Resham Bazaar, Aangan Home',
  ),
  kinds: [
    kind('Bedsheet Set', 799, 3999, 'Percale, Sateen, Jaipuri Printed, Organic Cotton, Jacquard', bedSizes),
    kind('Cushion Covers', 299, 1499, 'Kantha, Velvet, Block Printed, Tufted, Jute-Blend'),
    kind('Curtains', 599, 2999, 'Blackout, Sheer Linen, Eyelet, Printed Cotton, Thermal'),
    kind('Dhurrie Rug', 899, 6999, 'Handwoven, Jute, Reversible, Flat-Weave, Recycled Cotton'),
    kind('Quilt', 1299, 5499, 'Jaipuri Razai, Reversible, Microfibre, Mulmul, Patchwork', bedSizes),
    kind('Bath Towels', 399, 1999, 'Turkish Cotton, Waffle, Zero-Twist, Bamboo, Quick-Dry'),
    kind('Table Runner', 299, 1299, 'Ikat, Embroidered, Macrame, Handloom, Tasselled'),
    kind('Floor Mat', 249, 1199, 'Anti-Skid, Chenille, Coir, Memory-Foam, Braided'),
  ],
  variants: words('Indigo, Marigold, Blush, Sage, Charcoal, Natural, Rust, Aqua'),
  sizes: [
    ['Small', 1],
    ['Medium', 1.4],
    ['Large', 1.9],
  ],
  openings: [
    'A room changes in an afternoon with {quality} {noun} in {variant}.',
    'Made in Panipat and finished by hand: {quality} {noun} by {brand}.',
    'Soft underhand, and softer with every wash: {noun} in {variant}.',
  ],
  details: [
    'The dyes are fast to light and to forty washes.',
    'Hems are turned twice and corners mitred.',
    'Certified free of harmful substances, so it is fit for a nursery.',
  ],
  closings: [
    'Machine wash gentle, tumble dry low.',
    'Shake out before the first use.',
    'Colours may differ a little from the screen.',
  ],
};

const decor: Range = {
  category: 'Home Decor',
  brands: words(
    'Deepshala, Kalagram, Pital & Palash, Mandana, Roshanara, Shilpika, Dokra House, Lippan Studio, Vastrakala, Chitrakuti',
  ),
  kinds: [
    kind('Diya Set', 149, 999, 'Brass, Terracotta, Hand-Painted, Floating, Lotus-Shaped'),
    kind('Wall Clock', 499, 2999, 'Wooden, Silent-Sweep, Madhubani, Minimal, Metal-Framed'),
    kind('Planter', 249, 1999, 'Ceramic, Self-Watering, Brass, Hanging, Terracotta'),
    kind('Wall Hanging', 349, 2499, 'Macrame, Dokra, Warli, Lippan, Woven'),
    kind('Table Lamp', 899, 3999, 'Cane, Block-Printed Shade, Brass-Base, Ceramic, Adjustable'),
    kind('Photo Frame', 199, 1499, 'Sheesham, Bone-Inlay, Brass, Collage, Distressed'),
    kind('Scented Candle', 249, 1299, 'Soy Wax, Three-Wick, Jar, Beeswax, Pillar'),
    kind('Urli Bowl', 499, 3499, 'Hammered, Brass, Engraved, Antique-Finish, Footed'),
  ],
  variants: words('Antique Gold, Ivory, Peacock, Vermilion, Matt Black, Natural, Jade, Copper'),
  sizes: [
    ['Small', 1],
    ['Medium', 1.4],
    ['Large', 1.9],
  ],
  openings: [
    'A {quality} piece in {variant} that catches the evening light.',
    'Made by {brand} with craftspeople who have done nothing else for decades.',
    'Brings a little warmth to any room: {quality} {noun} in {variant}.',
  ],
  details: [
    'Every piece is finished by hand; small marks are the maker’s, not faults.',
    'Steady on its base, and packed so that it arrives whole.',
    'The finish is sealed, so it will not come off on walls or fingers.',
  ],
  closings: [
    'Dust with a dry brush.',
    'Wrapped for giving, with a blank card.',
    'A favourite for housewarmings and festivals.',
  ],
};

const electronics: Range = {
  category: 'Electronics',
  brands: words(
    'Taranga, Voltari, Dhvani Labs, Sarvonic, Bijlee Works, Ekatron, Nabhtek, Zorrin, Quantiva, Lumeera',
  ),
  kinds: [
    kind('Wireless Earbuds', 1299, 6999, 'Noise-Cancelling, Low-Latency, Sweat-Proof, Open-Ear, Long-Play'),
    kind('Bluetooth Speaker', 999, 7999, 'Waterproof, Pocket, Party, Stereo-Pair, Retro'),
    kind('Power Bank', 799, 3499, 'Fast-Charging, Slim, Magnetic, Solar, Three-Port'),
    kind('Smartwatch', 1999, 9999, 'AMOLED, GPS, Calling, Rugged, Week-Long'),
    kind('Desk Lamp', 699, 2999, 'Rechargeable, Dimmable, Clip-On, Eye-Care, Wireless-Charging'),
    kind('Phone Charger', 399, 1999, 'GaN, Dual-Port, Braided-Cable, Travel, Foldable'),
    kind('Mechanical Keyboard', 1999, 7999, 'Hot-Swap, Compact, Low-Profile, Backlit, Tri-Mode'),
    kind('Web Camera', 1199, 5999, 'Full-HD, Auto-Focus, Wide-Angle, Privacy-Shutter, Low-Light'),
  ],
  variants: words('Midnight Black, Pearl White, Storm Grey, Ocean Blue, Sunset Orange, Sage, Plum, Silver'),
  sizes: [
    ['Lite', 1],
    ['Standard', 1.3],
    ['Plus', 1.7],
    ['Pro', 2.3],
  ],
  openings: [
    'One job, done well: {quality} {noun} by {brand}.',
    'Made for Indian homes and power cuts: {quality} {noun} in {variant}.',
    'Ready in a minute, with no account to open and no app to install: {noun} in {variant}.',
  ],
  details: [
    'USB-C, with a cable in the box.',
    'BIS certified, and tested at 45 degrees.',
    'Spare parts are kept for five years.',
  ],
  closings: [
    'One year of warranty, picked up from your door.',
    'The manual is in English, Hindi and Tamil.',
    'Firmware updates are free for as long as it is sold.',
  ],
};

/** What a home has. */
export const household: readonly Range[] = [kitchen, furnishing, decor, electronics];
