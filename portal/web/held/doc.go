// Package held puts in words what the portal holds about a citizen. The citizen's own
// copy and the report that an officer makes for them say the same, because both are
// said here.
package held
