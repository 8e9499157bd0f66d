// What the filled-in forms of services are sent for (CH-F1.12).

const PURPOSE = 'service_form_'

/** For what the filled-in form of a service is sent to its application. */
export const purposeOf = (service: string) => PURPOSE + service.replace('.', '_')

/** Of what `purpose` is the filled-in form, if it is one. */
export const isOfService = (purpose: string, service: string) => purpose === purposeOf(service)

/** Whether a file was sent as a filled-in form. */
export const isFilledForm = (purpose: string) => purpose.startsWith(PURPOSE)
