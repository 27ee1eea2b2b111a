import { useState } from 'react'
import type { TreeNode } from '../model/inspect.ts'

interface TreeProps {
  readonly roots: readonly TreeNode[]
  readonly lit: TreeNode | undefined
  readonly light: (node: TreeNode) => void
}

export function Tree(props: TreeProps) {
  return (
    <div className="tree" role="tree" aria-label="Content">
      {props.roots.map((node) => (
        <Branch key={node.id} node={node} {...props} depth={0} />
      ))}
    </div>
  )
}

/** Deeper branches begin closed when they are long. */
const isOpenAtFirst = ({ children }: TreeNode, depth: number): boolean => depth < 3 || children.length < 8

function Branch({ node, lit, light, depth, roots }: TreeProps & { readonly node: TreeNode; readonly depth: number }) {
  const [isOpen, setOpen] = useState(isOpenAtFirst(node, depth))
  const isParent = node.children.length > 0
  const keys = (event: React.KeyboardEvent) => {
    if (event.key === 'ArrowRight') setOpen(true)
    else if (event.key === 'ArrowLeft') setOpen(false)
    else if (event.key === 'Enter' || event.key === ' ') setOpen(!isOpen)
    else return
    event.stopPropagation()
    event.preventDefault()
  }
  return (
    <div role="none">
      <div
        className="node"
        role="treeitem"
        tabIndex={0}
        aria-level={depth + 1}
        aria-expanded={isParent ? isOpen : undefined}
        aria-selected={lit?.id === node.id}
        onMouseEnter={() => light(node)}
        onFocus={() => light(node)}
        onClick={() => setOpen(!isOpen)}
        onKeyDown={keys}
      >
        <span className="fold" aria-hidden="true">
          {isParent ? (isOpen ? '▾' : '▸') : ''}
        </span>
        <Words node={node} />
      </div>
      {isParent && isOpen && (
        // biome-ignore lint/a11y/useSemanticElements: the group of a tree, not of a form
        <div role="group">
          {node.children.map((child) => (
            <Branch key={child.id} node={child} lit={lit} light={light} depth={depth + 1} roots={roots} />
          ))}
        </div>
      )}
    </div>
  )
}

const LONG = 96

const Words = ({ node: { label, tag, type, value, error } }: { readonly node: TreeNode }) => (
  <span className="words">
    {tag && <code className="tag">{tag}</code>}
    <b>{label}</b>
    {type && <i className="type">{type}</i>}
    {value !== undefined && (
      <span className="value mono" title={value}>
        {value.length > LONG ? `${value.slice(0, LONG)}…` : value}
      </span>
    )}
    {error && <em>{error}</em>}
  </span>
)
