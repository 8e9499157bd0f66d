// 统一社会信用代码 (GB 32100-2015): 18 characters, the last a check character modulo 31. The platform checks it again; here
// a slip of the finger is found while it is being typed.

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const MODULUS = ALPHABET.length

export type Fault = 'length' | 'letter' | 'check'

/** What is wrong with a code, if anything. */
export function faultOf(code: string): Fault | null {
  if (code.length !== 18) return 'length'
  const values = [...code].map((letter) => ALPHABET.indexOf(letter))
  if (values.includes(-1)) return 'letter'
  // The weights are the powers of 3 modulo 31.
  let weight = 1
  let sum = 0
  for (const value of values.slice(0, 17)) {
    sum += value * weight
    weight = (weight * 3) % MODULUS
  }
  return (MODULUS - (sum % MODULUS)) % MODULUS === values[17] ? null : 'check'
}
