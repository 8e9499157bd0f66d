import { names } from './names'
import { application } from './application'
import { fields } from './fields'
import { matter } from './matter'
import { shell } from './shell'
import { states } from './states'
import { registers } from './registers'
import { upload } from './upload'
import { values } from './values'

export const words = { ...shell, ...names, ...registers, ...matter, ...application, ...states, ...fields, ...values, ...upload }
