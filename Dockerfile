# A static binary and nothing else: no shell, no package manager, not root.
FROM node:22-alpine AS assets
WORKDIR /src/portal/assets
COPY portal/assets ./
RUN sh build.sh

FROM golang:1.26-alpine AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=assets /src/portal/assets/dist ./portal/assets/dist
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /out/ ./cmd/portal ./cmd/consentctl

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/portal /out/consentctl /
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/portal"]
CMD ["serve"]
