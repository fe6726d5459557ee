/// Finds an order in which every node comes after all that its value depends on, so that one pass reaches the fixpoint.
enum CalculationOrder {
    struct Cycle: Error {
        var nodes: [Int]
    }

    static func find(in model: FormModel) -> Result<[Int], Cycle> {
        let needs = model.nodes.indices.map { dependencies(of: $0, in: model) }
        var state = [Mark](repeating: .new, count: model.nodes.count)
        var order: [Int] = []
        var path: [Int] = []

        // Depth is bounded by the number of nodes; an explicit stack keeps the thread's own small.
        for start in model.nodes.indices where state[start] == .new {
            var stack = [(node: start, next: 0)]
            state[start] = .open
            path = [start]
            while let top = stack.last {
                if top.next < needs[top.node].count {
                    let need = needs[top.node][top.next]
                    stack[stack.count - 1].next += 1
                    switch state[need] {
                    case .done: break
                    case .open:
                        let begin = path.firstIndex(of: need) ?? 0
                        return .failure(Cycle(nodes: Array(path[begin...]) + [need]))
                    case .new:
                        state[need] = .open
                        path.append(need)
                        stack.append((need, 0))
                    }
                } else {
                    state[top.node] = .done
                    order.append(top.node)
                    stack.removeLast()
                    path.removeLast()
                }
            }
        }
        return .success(order)
    }

    private enum Mark { case new, open, done }

    /// What a node's value depends on: its parent (whose relevance it inherits), what its own relevance, calculation
    /// and choices refer to. Constraint, required and read-only don't change values.
    private static func dependencies(of index: Int, in model: FormModel) -> [Int] {
        let node = model.nodes[index]
        var references = node.bind.relevant?.references ?? []
        references.formUnion(node.bind.calculate?.references ?? [])
        if case .itemset(let nodes, _, _, _)? = model.controls[index]?.choices {
            references.formUnion(nodes.references)
        }
        var needs = Set(references.flatMap { leaves(of: $0, in: model) })
        if let parent = node.parent { needs.insert(parent) }
        return needs.sorted()
    }

    /// A reference to a group is one to all that it holds.
    private static func leaves(of path: String, in model: FormModel) -> [Int] {
        guard let index = model.index[path] else { return path == "/" ? [0].flatMap { below($0, model) } : [] }
        return below(index, model)
    }

    private static func below(_ index: Int, _ model: FormModel) -> [Int] {
        let children = model.nodes[index].children
        return children.isEmpty ? [index] : children.flatMap { below($0, model) }
    }
}
