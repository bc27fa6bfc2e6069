package consent

// readAtOnce is how many rows are read at once: whoever reads a list to its end needs
// the memory of one page, however long the list is.
const readAtOnce = 100

// pages reads a list to its end, readAtOnce rows at a time.
func pages[T any](read func(after T) ([]T, error), each func(T) error) error {
	var after T
	for {
		list, err := read(after)
		if err != nil {
			return err
		}
		for _, item := range list {
			if err := each(item); err != nil {
				return err
			}
			after = item
		}
		if len(list) < readAtOnce {
			return nil
		}
	}
}

// cut drops the one row that was read only to know whether there are more, and names
// the rows that the neighbouring pages go on from; empty at the ends. A page read back
// comes before the row it was asked from; the first one was asked from none.
func cut[T any](list []T, limit int, back, first bool, name func(T) string) (page []T, previous, next string) {
	more := len(list) == limit
	if more && back {
		list = list[1:]
	} else if more {
		list = list[:limit-1]
	}
	if len(list) == 0 {
		return list, "", ""
	}
	if back && more || !back && !first {
		previous = name(list[0])
	}
	if back || more {
		next = name(list[len(list)-1])
	}
	return list, previous, next
}
