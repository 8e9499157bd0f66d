// A field in which something is looked up in a list that is there already; what was sought stays in the address.

import { Form, Input } from 'antd'
import { useSearchParams } from 'react-router'

/** What is sought. */
export function useSought(): string {
  return useSearchParams()[0].get('q') ?? ''
}

export function LookUp({ id, label }: { id: string; label: string }) {
  const setParams = useSearchParams()[1]
  return (
    <Form layout="vertical">
      <Form.Item label={label} htmlFor={id}>
        <Input
          id={id}
          allowClear
          value={useSought()}
          maxLength={40}
          onChange={(event) => setParams(event.target.value ? { q: event.target.value } : {}, { replace: true })}
        />
      </Form.Item>
    </Form>
  )
}
