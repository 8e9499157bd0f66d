import { Form, Input } from 'antd'
import { Loading } from './states'

const refused = () => Promise.reject(new Error('on its way'))

/** Stands for the items of a form while they are fetched: until they are there, the form cannot be sent without them. */
export function Coming() {
  return (
    <>
      <Loading />
      <Form.Item name="coming" hidden rules={[{ validator: refused }]}>
        <Input />
      </Form.Item>
    </>
  )
}
