import type { Currency } from '@trancendos/contracts/money';
import { currencyDigits } from './currency-digits.ts';
import { locale } from './locale.ts';

const formats = new Map<string, Intl.NumberFormat>();

/** `amountMinor` (minor units, as a number or digits) with its currency, exact at any size: `€1,249.00`, `−¥300`; in French `1 249,00 €`. */
export function formatMoney(amountMinor: number | string, currency: Currency): string {
  const text = formatOf(currency).format(toDecimal(amountMinor, currencyDigits(currency)));
  return text.replace('-', '−');
}

/** Minor units as a decimal text, which Intl reads without passing through a floating-point number. */
function toDecimal(amountMinor: number | string, digits: number): Intl.StringNumericLiteral {
  const minor = BigInt(amountMinor);
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const fraction = digits === 0 ? '' : `.${text.slice(-digits)}`;
  return `${minor < 0n ? '-' : ''}${whole}${fraction}` as Intl.StringNumericLiteral;
}

function formatOf(currency: Currency): Intl.NumberFormat {
  const language = locale.get();
  const known = formats.get(`${language} ${currency}`);
  if (known) return known;
  const digits = currencyDigits(currency);
  const format = new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  formats.set(`${language} ${currency}`, format);
  return format;
}
