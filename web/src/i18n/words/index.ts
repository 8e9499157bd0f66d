import { names } from './names'
import { matter } from './matter'
import { shell } from './shell'
import { registers } from './registers'

export const words = { ...shell, ...names, ...registers, ...matter }
