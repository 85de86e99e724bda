{{- define "emberwatch.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "emberwatch.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains (include "emberwatch.name" .) .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "emberwatch.name" .) | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* What a service's objects are selected by; never changes between versions. Takes a dict of root and service. */}}
{{- define "emberwatch.selectorLabels" -}}
app.kubernetes.io/name: {{ include "emberwatch.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .service }}
{{- end }}

{{- define "emberwatch.labels" -}}
{{ include "emberwatch.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "emberwatch.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "emberwatch.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "emberwatch.image" -}}
{{- if .Values.image.digest }}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) }}
{{- end }}
{{- end }}

{{/* The pod of a service. Takes a dict of root, service, arguments and settings. */}}
{{- define "emberwatch.pod" -}}
metadata:
  labels:
    {{- include "emberwatch.selectorLabels" . | nindent 4 }}
    {{- with .root.Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    checksum/config: {{ include (print .root.Template.BasePath "/configmap.yaml") .root | sha256sum }}
    {{- with .root.Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "emberwatch.serviceAccountName" .root }}
  automountServiceAccountToken: false
  {{- with .root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    {{- toYaml .root.Values.podSecurityContext | nindent 4 }}
  terminationGracePeriodSeconds: 30
  containers:
    - name: {{ .service }}
      image: {{ include "emberwatch.image" .root }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args:
        {{- toYaml .arguments | nindent 8 }}
        - --config=/etc/emberwatch/emberwatch.yml
        - --listen=:{{ .settings.port }}
      {{- with .root.Values.extraEnv }}
      env:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      ports:
        - name: http
          containerPort: {{ .settings.port }}
      livenessProbe:
        httpGet:
          path: /-/healthy
          port: http
        periodSeconds: 20
      readinessProbe:
        httpGet:
          path: /-/ready
          port: http
        periodSeconds: 10
      startupProbe:
        httpGet:
          path: /-/healthy
          port: http
        periodSeconds: 2
        failureThreshold: 60
      securityContext:
        {{- toYaml .root.Values.securityContext | nindent 8 }}
      {{- with .settings.resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      volumeMounts:
        - name: config
          mountPath: /etc/emberwatch
          readOnly: true
        {{- if .root.Values.existingSecret }}
        - name: secrets
          mountPath: /etc/emberwatch/secrets
          readOnly: true
        {{- end }}
        - name: tmp
          mountPath: /tmp
        - name: data
          mountPath: /data
        {{- if eq .service "exporter" }}
        - name: host
          mountPath: /host
          readOnly: true
          mountPropagation: HostToContainer
        {{- end }}
  volumes:
    - name: config
      configMap:
        name: {{ include "emberwatch.fullname" .root }}
    {{- if .root.Values.existingSecret }}
    - name: secrets
      secret:
        secretName: {{ .root.Values.existingSecret }}
    {{- end }}
    - name: tmp
      emptyDir: {}
    {{- if not (dig "persistence" "enabled" false .settings) }}
    - name: data
      emptyDir: {}
    {{- end }}
    {{- if eq .service "exporter" }}
    - name: host
      hostPath:
        path: /
    {{- end }}
  {{- with .root.Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .settings.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* The Service in front of a service's pods. Takes a dict of root, service and settings. */}}
{{- define "emberwatch.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "emberwatch.fullname" .root }}-{{ .service }}
  labels:
    {{- include "emberwatch.labels" . | nindent 4 }}
spec:
  {{- if eq .service "exporter" }}
  clusterIP: None
  {{- end }}
  ports:
    - name: http
      port: {{ .settings.port }}
      targetPort: http
  selector:
    {{- include "emberwatch.selectorLabels" . | nindent 4 }}
{{- end }}
