/// Values from several tasks in the order in which they came.
actor Collected<Item: Sendable> {
    private(set) var items: [Item] = []

    func append(_ item: Item) { items.append(item) }
}
