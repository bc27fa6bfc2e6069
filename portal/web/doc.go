// Package web is the floor every HTTP room stands on: handlers that return
// errors, parameters parsed strictly, sessions, language, security headers, page
// rendering, the citizen's error pages. It holds no rule of the domain and no
// page but those for errors.
package web
