/** How long a customer may take to confirm a payment with their bank. */
export const mostActionMinutes = 30;

/** How long points stay reserved: longer than the customer's bank may take. */
export const checkoutHoldMinutes = mostActionMinutes + 15;
