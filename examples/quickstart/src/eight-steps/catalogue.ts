/** What the Cathay Shop sells; prices in rupees. */
export interface Product {
  sku: string;
  name: string;
  category: string;
  price: string;
}

export const catalogue: readonly Product[] = [
  { sku: 'TEA-TIN', name: 'Darjeeling tea, 250 g', category: 'pantry', price: '500.00' },
  { sku: 'BRASS-LAMP', name: 'Brass table lamp', category: 'home', price: '3450.00' },
  { sku: 'BUDS-2', name: 'Wireless earbuds', category: 'audio', price: '1299.00' },
  { sku: 'SPEAKER-1', name: 'Bluetooth speaker', category: 'audio', price: '2199.00' },
  { sku: 'SILK-SCARF', name: 'Silk scarf', category: 'fashion', price: '1850.00' },
];
