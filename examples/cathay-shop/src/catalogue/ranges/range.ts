/** A kind of product within a range. */
export interface Kind {
  noun: string;
  /** Whole rupees for the smallest size, from a plain one to a fine one. */
  rupees: readonly [from: number, to: number];
  qualities: readonly string[];
  /** Where those of the range make no sense for it. */
  sizes?: Range['sizes'];
}

/** What the shop has of one category. Texts may name `{noun}`, `{quality}`, `{variant}` and `{brand}`. */
export interface Range {
  category: string;
  /** Invented names; none is a real company's that sells such things. */
  brands: readonly string[];
  kinds: readonly Kind[];
  /** Colours, scents or flavours: whatever one chooses between. */
  variants: readonly string[];
  /** Each with what it costs in terms of the smallest. */
  sizes: readonly (readonly [size: string, factor: number])[];
  openings: readonly string[];
  details: readonly string[];
  closings: readonly string[];
}

/** The sizes of clothes, which cost the same. */
export const clothSizes: Range['sizes'] = ['S', 'M', 'L', 'XL', 'XXL'].map((size) => [size, 1]);

/** For what fits everybody. */
export const oneSize: Range['sizes'] = [['Free Size', 1]];

export function kind(
  noun: string,
  from: number,
  to: number,
  qualities: string,
  sizes?: Range['sizes'],
): Kind {
  return { noun, rupees: [from, to], qualities: qualities.split(', '), ...(sizes && { sizes }) };
}

export function words(list: string): string[] {
  return list.split(', ');
}
