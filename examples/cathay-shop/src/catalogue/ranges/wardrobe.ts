import { clothSizes, kind, oneSize, type Range, words } from './range.ts';

const menswear: Range = {
  category: "Men's Clothing",
  brands: words(
    'Tarkash, Neelgiri Mills, Rudrawear, Bandhara, Kesarvan, Malhar & Sons, Dorasamy, Westghat, Patvari, Arohan',
  ),
  kinds: [
    kind('Kurta', 699, 2499, 'Hand-Block Printed, Khadi Cotton, Linen Blend, Chikankari, Mandarin Collar'),
    kind('Formal Shirt', 899, 2799, 'Wrinkle-Free, Giza Cotton, Slim Fit, Oxford Weave, Fine Striped'),
    kind('Casual Shirt', 749, 2199, 'Washed Linen, Checked Flannel, Seersucker, Corduroy, Camp Collar'),
    kind('Polo T-Shirt', 499, 1499, 'Pique Cotton, Tipped Collar, Mercerised, Quick-Dry, Bamboo Blend'),
    kind('Chinos', 999, 2599, 'Stretch Cotton, Tapered, Pleated, Garment-Dyed, Regular Fit'),
    kind('Jeans', 1199, 3499, 'Selvedge Denim, Straight Fit, Stone-Washed, Stretch Denim, Relaxed Fit'),
    kind('Nehru Jacket', 1499, 4999, 'Raw Silk, Jute Weave, Quilted, Brocade, Woollen'),
    kind('Track Pants', 599, 1699, 'Fleece-Lined, Quick-Dry, French Terry, Tapered, Side-Striped'),
  ],
  variants: words('Indigo, Charcoal, Olive, Ivory, Maroon, Teal, Mustard, Slate Grey'),
  sizes: clothSizes,
  openings: [
    'Cut by {brand} for warm days that run from office to dinner: {quality} {noun} in {variant}.',
    'In {variant}, and in shape wash after wash: {noun} made to be worn often.',
    'Light on the skin and easy in the heat: {quality} {noun} by {brand}.',
  ],
  details: [
    'Reinforced seams, and a size chart that is true to Indian fits.',
    'The cloth is woven in small batches, so slight differences in shade are part of it.',
    'Pre-shrunk, with spare thread and buttons in the pocket.',
  ],
  closings: [
    'Machine wash cold, dry in the shade.',
    'Wash with like colours and iron while slightly damp.',
    'Goes with sandals as well as with leather shoes.',
  ],
};

const womenswear: Range = {
  category: "Women's Clothing",
  brands: words(
    'Chandrakala, Rangsutra Lane, Meghmala, Ojasvi Threads, Saanjhi, Phulwari Studio, Vaidehi, Tamrapatra, Kumudini, Aalaya Looms',
  ),
  kinds: [
    kind('Saree', 1299, 7999, 'Banarasi Silk, Chanderi, Handloom Cotton, Kota Doria, Linen', oneSize),
    kind('Anarkali Kurta', 999, 3499, 'Georgette, Gota Patti, Printed Rayon, Mirror-Work, Flared'),
    kind('Straight Kurti', 499, 1799, 'Block Printed, Kantha Stitched, Cotton Slub, Ikat, Embroidered'),
    kind('Palazzo Trousers', 449, 1399, 'Rayon, Crinkled Cotton, Linen Blend, Wide-Leg, Printed'),
    kind('Midi Dress', 899, 2999, 'Tiered, Wrap, Smocked, Ajrakh Printed, Schiffli'),
    kind('Dupatta', 399, 1999, 'Phulkari, Bandhani, Chiffon, Tissue, Kalamkari', oneSize),
    kind('Lehenga Set', 2999, 14999, 'Sequinned, Zari-Woven, Organza, Velvet, Hand-Embroidered'),
    kind('Cotton Top', 399, 1299, 'Peplum, Puff-Sleeved, Dobby, Pintucked, Boat-Neck'),
  ],
  variants: words(
    'Rani Pink, Peacock Blue, Haldi Yellow, Mint Green, Wine, Off-White, Coral, Midnight Black',
  ),
  sizes: clothSizes,
  openings: [
    'In {variant}, made for festive afternoons and long evenings: {quality} {noun}.',
    'An old craft, made easy and everyday by {brand}: {quality} {noun}.',
    'Soft to wear and quick to dress up: {noun} in {variant}.',
  ],
  details: [
    'Worked by hand in a cluster of artisans, so no two pieces are quite alike.',
    'Fully lined where it matters, with side pockets wherever the cut allows.',
    'The colour is fixed without azo dyes and stays true.',
  ],
  closings: [
    'Dry clean the first time, then hand wash in cold water.',
    'Pairs with silver jewellery and juttis.',
    'Folds small, which makes it a good companion on journeys.',
  ],
};

const footwear: Range = {
  category: 'Footwear',
  brands: words(
    'Chalwalk, Rasta & Co, Pagdandi, Solekart Works, Mojrika, Trekvaan, Padma Leather, Kadamtal, Strideva, Gulmarg Boots',
  ),
  kinds: [
    kind('Running Shoes', 1499, 5999, 'Cushioned, Knit-Upper, Stability, Trail, Lightweight'),
    kind('Leather Loafers', 1799, 5499, 'Hand-Stitched, Tasselled, Suede, Penny, Soft-Soled'),
    kind('Kolhapuri Sandals', 599, 1999, 'Braided, Vegetable-Tanned, Embossed, Toe-Ring, Cushioned'),
    kind('Juttis', 699, 2299, 'Embroidered, Mirror-Work, Velvet, Zari, Plain Leather'),
    kind('Sneakers', 1299, 4499, 'Canvas, Retro, High-Top, Vegan Leather, Slip-On'),
    kind('Hiking Boots', 2499, 7999, 'Waterproof, Mid-Cut, Nubuck, Insulated, Grip-Soled'),
    kind('Flip-Flops', 249, 999, 'Massage, Quick-Dry, Contoured, Beach, Orthopaedic'),
    kind('School Shoes', 699, 1699, 'Velcro, Lace-Up, Scuff-Proof, Mary Jane, Washable'),
  ],
  variants: words('Tan, Black, White, Navy, Rust, Walnut Brown, Stone, Forest Green'),
  sizes: words('UK 5, UK 6, UK 7, UK 8, UK 9, UK 10').map((size) => [size, 1]),
  openings: [
    'These {quality} {noun} are built for pavements, platforms and the odd puddle.',
    '{brand} makes these {noun} on a last that is wide at the toes.',
    'A pair of {noun} in {variant} that needs no breaking in.',
  ],
  details: [
    'The insole comes out for washing, and the sole grips wet tiles.',
    'Stitched and glued, with a heel counter that does not rub.',
    'Weighs little and bends where the foot does.',
  ],
  closings: [
    'Wipe with a damp cloth; keep out of direct sun.',
    'Half sizes: take the larger one.',
    'Comes in a cloth bag for travelling.',
  ],
};

const accessories: Range = {
  category: 'Bags & Accessories',
  brands: words(
    'Jholapur, Batuva, Thailiwala, Sangam Leatherworks, Yatrik, Nakshi, Dhaga & Dor, Mewarcraft, Pitara, Rajpath Goods',
  ),
  kinds: [
    kind('Laptop Backpack', 1199, 3999, 'Water-Repellent, Anti-Theft, Slim, Canvas, Roll-Top'),
    kind('Tote Bag', 399, 1999, 'Handloom, Jute, Quilted, Vegan Leather, Kantha'),
    kind('Wallet', 349, 1799, 'Full-Grain Leather, RFID-Safe, Bifold, Slim, Hand-Stitched', oneSize),
    kind('Sling Bag', 499, 2299, 'Crossbody, Embroidered, Canvas, Leather, Convertible'),
    kind('Belt', 399, 1499, 'Reversible, Braided, Full-Grain Leather, Canvas, Auto-Lock'),
    kind('Cabin Trolley', 2499, 7999, 'Hard-Shell, Four-Wheeled, Expandable, Ribbed, Lightweight'),
    kind('Jhumka Earrings', 199, 1299, 'Oxidised, Meenakari, Brass, Pearl-Drop, Terracotta', oneSize),
    kind('Sunglasses', 599, 2799, 'Polarised, Aviator, Cat-Eye, Round-Framed, Gradient', oneSize),
  ],
  variants: words('Cognac, Black, Sand, Emerald, Burgundy, Denim Blue, Antique Gold, Silver'),
  sizes: [
    ['Small', 1],
    ['Regular', 1.2],
    ['Large', 1.45],
  ],
  openings: [
    'Made for commutes, markets and monsoons: {quality} {noun}.',
    'In {variant}, and better looking with every year of use: {noun} by {brand}.',
    'From the family workshop of {brand}, where eleven people work: {quality} {noun}.',
  ],
  details: [
    'Metal parts are nickel-free, and every seam is sewn twice.',
    'Thought through to the last fitting, with nothing that jingles or snags.',
    'Each piece is checked by hand and carries the maker’s initials.',
  ],
  closings: [
    'Comes in a gift box that is worth keeping.',
    'A year of free repairs is part of the price.',
    'Keep dry and wipe with a soft cloth.',
  ],
};

/** What one wears. */
export const wardrobe: readonly Range[] = [menswear, womenswear, footwear, accessories];
