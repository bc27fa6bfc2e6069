// Package export writes what a citizen takes away: receipts and all that is known
// about them, as PDF, JSON and CSV, to a writer. It knows nothing of pages or words:
// callers bring the sentences.
package export
