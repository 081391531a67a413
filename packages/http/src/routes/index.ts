import { adminCards } from './admin-cards.ts';
import { adminMerchants } from './admin-merchants.ts';
import { adminPrograms } from './admin-programs.ts';
import { adminStaff } from './admin-staff.ts';
import { storeCommands } from './store-commands.ts';
import { storeReadings } from './store-readings.ts';
import { storefront } from './storefront.ts';

/** Every route of the API, by its area. */
export const routes = {
  storefront,
  store: { ...storeReadings, ...storeCommands },
  admin: { ...adminPrograms, ...adminMerchants, ...adminStaff, ...adminCards },
};

export type Routes = typeof routes;
